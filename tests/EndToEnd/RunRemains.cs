using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ReidCloud.Reports;
using ReidCloud.Reports.Page;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>
/// All that a run left, as a text that does not tell how often and how fast it was tried: the report without its costs and number of attempts, what the
/// status points at, and of every other blob the hash, all by names without the attempt's number. The attempts' own stories (events, curves drawn from them, ends) are left out, and who
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
                blobs.Add(Fold(blob.Name), blob.Name == status.Report ? Report(content.Span)
                    : ForPeople().IsMatch(blob.Name) ? await DrawnAsync(system, run, blob.Name, content)
                    : Convert.ToHexStringLower(SHA256.HashData(content.Span)));
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

    /// <summary>What people read tells of costs, too, so it is held against report and insights: it must be what they are drawn as, byte for byte.</summary>
    private static async Task<JsonNode> DrawnAsync(RunnerSystem system, RunId run, string blob, ReadOnlyMemory<byte> content)
    {
        var report = (await system.Store.GetReportAsync(run, CancellationToken.None))!;
        var insights = report.Files.Single(file => file.Name == RunFileName.Insights).Blob;
        var behind = ReidJson.Read<ReportInsights>((await system.Storage.Runs.GetBlobClient(insights).DownloadContentAsync()).Value.Content.ToMemory().Span);
        var drawn = Path.GetFileName(blob) switch
        {
            RunFileName.ReportPage => ReportPage.Write(report, behind),
            RunFileName.ReportText => ReportText.Write(report, behind),
            var table => table == RunFileName.ReportTable ? ReportTable.Write(report, behind) : throw new InvalidOperationException($"'{blob}' is no report"),
        };
        Assert.True(Encoding.UTF8.GetString(content.Span) == drawn, $"{blob} is not what report and insights are drawn as");
        return "drawn from report and insights";
    }

    private static JsonNode Report(ReadOnlySpan<byte> json)
    {
        var report = JsonNode.Parse(json)!.AsObject();
        Assert.True(report.Remove("cost") && report["lineage"]!.AsObject().Remove("attempts"));
        return report;
    }

    [GeneratedRegex(@"/(status\.json|dependents/.*|attempt-\d+/(events\.jsonl|end\.json|files/events\.out\.tfevents\.reidcloud))\z")]
    private static partial Regex Story();

    [GeneratedRegex(@"/report\.(html|md|csv)\z")]
    private static partial Regex ForPeople();

    [GeneratedRegex(@"attempt-\d+/")]
    private static partial Regex Attempt();
}
