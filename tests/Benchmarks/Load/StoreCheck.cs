using Azure.Storage.Blobs;
using ReidCloud.Runs;

namespace ReidCloud.Benchmarks.Load;

/// <summary>What the store holds, compared with what clients were told.</summary>
internal static class StoreCheck
{
    /// <summary>
    /// Every accepted run once: spec, status, marker, place in the list. True where that holds. A nudge may be missing, where the queue was too busy to take
    /// it: a sweep sends it.
    /// </summary>
    public static async Task<bool> PrintAsync(StorageAccess storage, Submissions told)
    {
        var runs = await NamesAsync(storage.Runs, "");
        var open = await NamesAsync(storage.Index, RunPaths.AllOpen);
        var listed = (await NamesAsync(storage.Index, RunPaths.AllSubmitted)).GroupBy(name => name[^20..]).ToDictionary(same => same.Key, same => same.Count());
        var nudges = (await storage.Queue.GetPropertiesAsync()).Value.ApproximateMessagesCount;
        var accepted = told.Accepted;
        var whole = accepted.Count(run => runs.Contains(RunPaths.Spec(run)) && runs.Contains(RunPaths.Status(run)));
        var marked = accepted.Count(run => open.Contains(RunPaths.Open(run)));
        var placed = accepted.Count(run => listed.GetValueOrDefault($"{run}") == 1);
        var twice = told.Created.Count(run => run.Value > 1);
        var strange = listed.Count(place => !accepted.Contains(RunId.Parse(place.Key)));
        Console.WriteLine($"  accepted {accepted.Count}: with spec and status {whole}, marked open {marked}, listed once {placed}, nudges {nudges}");
        Console.WriteLine($"  made twice {twice}, listed though nobody was told {strange}");
        return whole == accepted.Count && marked == accepted.Count && placed == accepted.Count && twice + strange + told.GaveUp == 0;
    }

    private static async Task<HashSet<string>> NamesAsync(BlobContainerClient container, string prefix)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync(Azure.Storage.Blobs.Models.BlobTraits.None, Azure.Storage.Blobs.Models.BlobStates.None, prefix, default))
        {
            names.Add(blob.Name);
        }

        return names;
    }
}
