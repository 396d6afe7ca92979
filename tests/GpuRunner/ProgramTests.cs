using ReidCloud.Tests.Testing;
using Program = ReidCloud.GpuRunner.Program;

namespace ReidCloud.Tests.GpuRunner;

public sealed class ProgramTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(0, "--version")]
    [InlineData(2, "dance")]
    [InlineData(2, "serve", "now")]
    [InlineData(2)]
    public async Task The_exit_code_tells_wrong_usage_from_success(int expected, params string[] arguments)
    {
        using var runner = RunnerProcess.Start(new ReidCloudOptions { StorageConnection = "UseDevelopmentStorage=true" }, arguments);

        await runner.WaitForExitAsync(new CancellationTokenSource(Limit).Token);

        Assert.Equal(expected, runner.ExitCode);
    }

    [Fact]
    public async Task Options_that_are_not_usable_end_it_before_anything_is_touched()
    {
        using var runner = RunnerProcess.Start(new ReidCloudOptions { StorageConnection = "nonsense" }, "serve");

        await runner.WaitForExitAsync(new CancellationTokenSource(Limit).Token);

        Assert.Equal(2, runner.ExitCode);
    }

    [Fact]
    public async Task Runners_that_take_one_run_and_end_do_not_all_begin_with_the_high_priority()
    {
        const int Runners = 64;
        var system = await StorageSystem.CreateAsync(azurite);
        var taken = new List<string>();
        foreach (var queue in new[] { system.Storage.Queue, system.Storage.HighQueue })
        {
            await Task.WhenAll(Enumerable.Range(0, Runners).Select(_ => queue.SendMessageAsync(queue.Name)));
        }

        for (var i = 0; i < Runners; i++)
        {
            await using var queue = Program.Receiver(system.Storage);
            taken.Add((await queue.ReceiveAsync(TimeSpan.Zero, CancellationToken.None))!.Text);
        }

        // One of four by chance: none, or none of the others, of 64 is one in a hundred million.
        Assert.Equal([system.Storage.Queue.Name, system.Storage.HighQueue.Name], taken.Distinct().Order());
    }
}
