using System.Text;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Shared.Reports.Comparisons;

namespace ReidCloud.Tests.Testing;

/// <summary>Runs that succeeded with figures, without any having been computed.</summary>
internal static class ApiMeasurements
{
    /// <summary>A run on data set `mine`, which must be there: three queries, all of this precision.</summary>
    public static async Task<RunId> MeasuredAsync(this ApiServer api, int repeat, double figure) => await api.MeasuredAsync(await api.SubmitAsync(repeat: repeat), figure);

    /// <inheritdoc cref="MeasuredAsync(ApiServer, int, double)"/>
    public static async Task<RunId> MeasuredAsync(this ApiServer api, RunId run, double figure)
    {
        await using var lease = await api.ClaimAsync(run);
        var (store, attempt) = (api.Service<RunStore>(), lease.Status.Attempt);
        var insights = new ReportInsights(new DatasetFacts("mine", "csv", "data", [], []))
        {
            Settings = [new SettingInsights(RetrievalSetting.ImageToVideo) { Queries = [.. Enumerable.Range(0, 3).Select(i => new QueryOutcome($"{i}", "p", "a", 1, figure, figure, figure))] }],
        };
        var report = ComparisonTests.Outcome(1, figure).Report with { Run = run.ToString(), Spec = (await store.GetSpecAsync(run, default))!, Files = [await LeaveAsync(RunFileName.Insights, ReidJson.Write(insights))] };
        foreach (var (name, text) in new[] { (RunFileName.ReportPage, "<p>page</p>"), (RunFileName.ReportText, "# text"), (RunFileName.ReportTable, "a,table") })
        {
            await store.PutAttemptBlobAsync($"{RunPaths.Attempt(run, attempt)}{name}", Encoding.UTF8.GetBytes(text), default);
        }

        await store.PutAttemptBlobAsync(RunPaths.Report(run, attempt), ReidJson.Write(report), default);
        await store.FinishAsync(lease, lease.Status with { State = RunState.Succeeded, Report = RunPaths.Report(run, attempt) }, default);
        return run;

        async Task<RunFile> LeaveAsync(string name, byte[] content)
        {
            var blob = RunPaths.File(run, attempt, name);
            return new RunFile(name, blob, content.Length, await store.PutAttemptBlobAsync(blob, content, default));
        }
    }
}
