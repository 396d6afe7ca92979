using ReidCloud.Reports;
using ReidCloud.Runs;

namespace ReidCloud.Tests.Testing;

internal static class ToldEvents
{
    /// <summary>All that a run has told, page by page.</summary>
    public static async Task<IReadOnlyList<RunEvent>> ReadAllEventsAsync(this RunStore store, RunId run)
    {
        var all = new List<RunEvent>();
        EventPosition position = default;
        for (EventPage page; (page = await store.ReadEventsAsync(run, position, CancellationToken.None)).Events.Count > 0; position = page.Next)
        {
            all.AddRange(page.Events);
        }

        return all;
    }
}
