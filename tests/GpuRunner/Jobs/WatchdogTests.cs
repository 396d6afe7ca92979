using ReidCloud.GpuRunner.Jobs;

namespace ReidCloud.Tests.GpuRunner.Jobs;

public sealed class WatchdogTests
{
    private const long Plenty = long.MaxValue;
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_job_that_gives_no_sign_of_life_hangs_and_one_that_waits_for_the_storage_does_not()
    {
        using var hung = new ManualResetEventSlim();
        using var watchdog = new Watchdog(Stall, Plenty, TimeProvider.System, hung.Set, _ => { });
        using (watchdog.WaitForStorage())
        {
            Assert.False(hung.Wait(4 * Stall), "while the storage is waited for");
        }

        Assert.True(hung.Wait(Limit), "without a sign of life");
    }

    [Fact]
    public void A_process_with_too_much_memory_is_told_once_with_the_figures()
    {
        var told = 0;
        using var outgrown = new ManualResetEventSlim();
        using var watchdog = new Watchdog(Limit, 1, TimeProvider.System, () => { }, words =>
        {
            told += words.Contains("may have 0.00 GiB", StringComparison.Ordinal) ? 1 : 100;
            outgrown.Set();
        });

        Assert.True(outgrown.Wait(Limit));
        watchdog.EpochIsOver(1, 1);
        Assert.Equal(1, told);
    }
}
