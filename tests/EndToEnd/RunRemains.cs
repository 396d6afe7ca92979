using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>
/// All that a run left, as a text that does not tell how often and how fast it was tried: the report without its costs and number of attempts, what the
/// status points at, and of every other blob the hash, all by names without the attempt's number. The attempts' own stories (events, ends) are left out, and who
/// waited for it.
/// </summary>
internal static partial class RunRemains
{
    public static async Task<string> ReadAsync(RunnerSystem system, RunId run)
    {
        var status = await system.StatusAsync(run);
        Assert.True(status.State == RunState.Succeeded, $"{status.State}: {status.Failure?.Detail}");
        var blobs = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        await foreach (var blob in system.Storage.Runs.GetBlobsAsync(prefix: $"{run}/"))
        {
            if (!Story().IsMatch(blob.Name))
            {
                var content = (await system.Storage.Runs.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToMemory();
                blobs.Add(Fold(blob.Name), blob.Name == status.Report ? Report(content.Span) : Convert.ToHexStringLower(SHA256.HashData(content.Span)));
            }
        }

        var remains = new JsonObject
        {
            ["checkpoints"] = JsonNode.Parse(ReidJson.Write(status.KeptCheckpoints())),
            ["best"] = status.BestCheckpoint?.Blob,
            ["report"] = status.Report,
            ["blobs"] = new JsonObject(blobs),
        };
        return Fold(remains.ToJsonString(ReidJson.Indented));
    }

    private static string Fold(string text) => Attempt().Replace(text, "attempt-*/");

    private static JsonNode Report(ReadOnlySpan<byte> json)
    {
        var report = JsonNode.Parse(json)!.AsObject();
        Assert.True(report.Remove("cost") && report["lineage"]!.AsObject().Remove("attempts"));
        return report;
    }

    [GeneratedRegex(@"/(status\.json|dependents/.*|attempt-\d+/(events\.jsonl|end\.json))\z")]
    private static partial Regex Story();

    [GeneratedRegex(@"attempt-\d+/")]
    private static partial Regex Attempt();
}
