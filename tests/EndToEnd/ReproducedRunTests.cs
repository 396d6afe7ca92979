using System.Text.Json;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Cli;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>`reid reproduce` and `submit --seeds` against a runner that trains: on one machine's CPU the same request comes to the same bytes.</summary>
[Collection(RunnersCollection.Name)]
public sealed class ReproducedRunTests(AzuriteFixture azurite)
{
    private static readonly TrainSpec Spec = TinySpecs.Light with { Epochs = 1, Input = new InputSpec(64, 32), Evaluation = new EvaluationSpec { Frames = 1, Settings = [RetrievalSetting.ImageToVideo] } };

    [Fact]
    public async Task The_same_request_comes_to_the_same_and_seeds_to_a_mean()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        var system = await RunnerSystem.CreateAsync(api.Service<ReidCloudOptions>());
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        var run = await system.SubmitAsync(Spec);
        Assert.True(await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None));

        var reproduced = await WithRunnerAsync(system, ReidAsync("reproduce", $"{run}"));
        var json = await WithRunnerAsync(system, ReidAsync("reproduce", $"{run}", "--json"));
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, ReidJson.Canonical(Spec));
        var seeds = await WithRunnerAsync(system, ReidAsync("submit", file, "--seeds", "1,2", "--wait"));
        File.Delete(file);

        Assert.True(reproduced.ExitCode == 0, reproduced.Error + reproduced.Output);
        Assert.StartsWith("Equal: run ", reproduced.Output, StringComparison.Ordinal);
        var again = JsonElement.Parse(json.Output);
        Assert.Equal(("equal", true), (again.GetProperty("verdict").GetString(), again.GetProperty("sameCheckpoint").GetBoolean()));
        Assert.Equal(2, (await system.Store.GetSpecAsync(RunId.Parse(again.GetProperty("again").GetString()!), default))!.Repeat);
        Assert.True(seeds.ExitCode == 0, seeds.Error);
        Assert.Matches("│ image-to-video │ rank-1 +│ [0-9.]+ ± [0-9.]+ % +│ 2 ", seeds.Output);

        Task<CommandLine> ReidAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--url", api.Address.ToString()]);
    }

    private static async Task<CommandLine> WithRunnerAsync(RunnerSystem system, Task<CommandLine> command)
    {
        while (!command.IsCompleted)
        {
            await system.Runner.TakeOneAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        }

        return await command;
    }
}
