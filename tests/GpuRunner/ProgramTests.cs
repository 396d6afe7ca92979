using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner;

public sealed class ProgramTests
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
}
