using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;

namespace ReidCloud.Tests.GpuRunner;

[Collection(RunnersCollection.Name)]
public sealed class PushedWeightsRunTests(AzuriteFixture azurite)
{
    private static readonly EvaluateSpec Evaluate = new("tiny", CheckpointRef.Pushed("mine")) { Input = TinySpecs.Teacher.Input, Evaluation = TinySpecs.Teacher.Evaluation with { EveryEpochs = 0 } };

    [Fact]
    public async Task Pushed_weights_are_measured_without_training_and_fetched_once()
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        var weights = new WeightsStore(system.Storage, TimeProvider.System);
        await system.Storage.Weights.GetBlobClient(RunPaths.WeightsUpload("mine", "w.safetensors"))
            .UploadAsync(BinaryData.FromBytes(NetworkFiles.Torchvision(BackboneName.MobileNet).Bytes()));
        var manifest = (await weights.PushAsync("mine", new PushRequest(), CancellationToken.None))!;

        var first = await RunAsync(system, Evaluate);
        var cached = Assert.Single(Directory.GetFiles(Path.Combine(system.Options.CacheFolder, "weights"), manifest.Sha256));
        await File.WriteAllTextAsync(cached, "rust");
        var again = await RunAsync(system, Evaluate with { Repeat = 1 });

        Assert.Equal(manifest.Sha256, first.Lineage.CheckpointSha256);
        Assert.Equal((CheckpointRef.Pushed("mine"), manifest.Sha256), (first.Lineage.Parents[0].Checkpoint, first.Lineage.Parents[0].CheckpointSha256));
        Assert.Equal(ReidJson.Write(first.Settings), ReidJson.Write(again.Settings));
        Assert.Equal(manifest.Length, new FileInfo(cached).Length);

        var explained = await system.SubmitAsync(new ExplainSpec("tiny", CheckpointRef.Pushed("mine")) { Input = TinySpecs.Teacher.Input });
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        Assert.StartsWith(
            "the checkpoint of weights 'mine': the weights have no classifier of identities", (await system.StatusAsync(explained)).Failure!.Message, StringComparison.Ordinal);
    }

    private static async Task<ReidCloud.Reports.MetricReport> RunAsync(RunnerSystem system, RunSpec spec)
    {
        var run = await system.SubmitAsync(spec);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        return await system.ReportAsync(run);
    }
}
