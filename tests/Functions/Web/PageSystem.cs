using System.Text;
using ReidCloud.Reports;
using ReidCloud.Reports.Page;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions.Web;

/// <summary>What the page's tests look at: a data set whose names try to be markup, and runs as a runner would have made them.</summary>
internal static class PageSystem
{
    /// <summary>Shown as it is, it is harmless; believed, it runs.</summary>
    public const string Hostile = "<img src=x onerror=alert(1)>";

    public static async Task AddPeopleAsync(this ApiServer api)
    {
        await api.UploadAsync("people", TinyDataset.Zip(identities: 12, cameras: 3), "people.zip");
        await api.JsonAsync(HttpMethod.Put, "/api/datasets/people");
    }

    public static async Task AddHostileAsync(this ApiServer api)
    {
        await api.UploadAsync("hostile", ApiDatasets.Zip(Hostile, "q"));
        await api.JsonAsync(HttpMethod.Put, "/api/datasets/hostile");
    }

    /// <summary>Some epochs of a training, as its runner tells them.</summary>
    public static async Task TellEpochsAsync(this ApiServer api, RunLease lease, int from, int to, int of)
    {
        RunEvent[] epochs = [.. Enumerable.Range(from, to - from + 1).Select(epoch => new RunEvent(DateTimeOffset.UtcNow, RunEventKind.Epoch)
        {
            Epoch = epoch,
            Epochs = of,
            Steps = 8,
            Values = new Dictionary<string, double>
            {
                ["total"] = 3.0 / epoch,
                ["triplet"] = 1.0 / epoch,
                ["cross-entropy"] = 2.0 / epoch,
                ["learningRate"] = 1e-4,
                ["imagesPerSecond"] = 300,
                ["secondsRemaining"] = 10 * (of - epoch),
            },
        })];
        await new EventLog(api.Storage, lease.Run, lease.Status.Attempt).AppendAsync(epochs, default);
        await lease.WriteAsync(lease.Status with { Progress = epochs[^1] }, default);
    }

    /// <summary>It succeeds with figures, of which some have error bars.</summary>
    public static async Task SucceedAsync(this ApiServer api, RunId run, params (string Name, byte[] Content)[] files)
    {
        await using var lease = await api.ClaimAsync(run);
        await api.SucceedAsync(lease, files);
    }

    public static async Task SucceedAsync(this ApiServer api, RunLease lease, params (string Name, byte[] Content)[] files)
    {
        var (store, run, attempt) = (api.Service<RunStore>(), lease.Run, lease.Status.Attempt);
        var left = new List<RunFile>();
        foreach (var (name, content) in files)
        {
            var blob = RunPaths.File(run, attempt, name);
            left.Add(new RunFile(name, blob, content.Length, await store.PutAttemptBlobAsync(blob, content, default)));
        }

        var between = new Interval(0.4, 0.6);
        var figures = new SettingMetrics(RetrievalSetting.ImageToVideo, 96, 96, 102, 0.5, 0.9, 1, 0.445, 0.485, 0.31)
        {
            Intervals = new MetricIntervals(between, between, between, between, between, between),
        };
        var report = new MetricReport(
            run.ToString(), (await store.GetSpecAsync(run, default))!, [figures, figures with { Setting = RetrievalSetting.VideoToVideo, Intervals = null }],
            new Lineage("data", [], new string('0', 64), "1", "1", "cpu", 1, "here", "now"), new RunCost(125, 310, 1 << 30)) { Files = left };
        await store.PutAttemptBlobAsync(RunPaths.Report(run, attempt), ReidJson.Write(report), default);
        var page = ReportPage.Write(report, new ReportInsights(new DatasetFacts(report.Spec.Dataset, "csv", "data", [], [])));
        await store.PutAttemptBlobAsync($"{RunPaths.Attempt(run, attempt)}{RunFileName.ReportPage}", Encoding.UTF8.GetBytes(page), default);
        await store.FinishAsync(lease, lease.Status with { State = RunState.Succeeded, Report = RunPaths.Report(run, attempt) }, default);
    }
}
