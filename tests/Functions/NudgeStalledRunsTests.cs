using Microsoft.Extensions.Logging.Abstractions;
using ReidCloud.Functions;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class NudgeStalledRunsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_run_whose_message_was_lost_is_nudged_again()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        await api.AddDatasetAsync("mine", "p", "q");
        var run = await api.SubmitAsync();
        await api.Storage.Queue.ClearMessagesAsync();
        var later = new ManualClock(DateTimeOffset.UtcNow.AddMinutes(5));
        var stalled = new StalledRuns(api.Service<RunStore>(), api.Service<RunQueue>(), later);

        await new NudgeStalledRuns(stalled, NullLogger<NudgeStalledRuns>.Instance).RunAsync(new(), default);

        Assert.Equal(run, (await api.Service<RunQueue>().ReceiveAsync(TimeSpan.FromSeconds(5), default))!.Run);
    }
}
