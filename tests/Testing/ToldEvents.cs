using ReidCloud.Reports;
using ReidCloud.Runs;

namespace ReidCloud.Tests.Testing;

internal static class ToldEvents
{
    /// <summary>All that a run has told.</summary>
    public static Task<IReadOnlyList<RunEvent>> ReadAllEventsAsync(this RunStore store, RunId run) => store.ReadAllEventsAsync(run, CancellationToken.None);
}
