using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Reports;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Hands out the report of a run that has succeeded, as the runner wrote it.</summary>
public sealed class GetRunReport(RunStore runs)
{
    [Function(nameof(GetRunReport))]
    [Summary("Hands out a run's report: JSON for programs; a page, a text or a table for people")]
    [Query(ReportForms.Query, typeof(ReportForm), "The form; without it what the Accept header prefers, else JSON")]
    [Answers(200, typeof(MetricReport), "The report", AllForms = true)]
    [Answers(404, null, "There is no such run, or it is of an earlier version and has only JSON")]
    [Answers(409, null, "It has not succeeded, or not yet")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}/report")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request, ReportForms.Query);
            var (run, form) = (Parameters.Run(id), ReportForms.Asked(request));
            if (form != ReportForm.Json)
            {
                return await RunViews.ReadDocumentAsync(runs, run, await RunViews.ReadFileAsync(runs, run, ReportForms.FileOf(form), cancellationToken), form, cancellationToken);
            }

            var status = await RunViews.ReadReportedAsync(runs, run, cancellationToken);
            return JsonResult.OfBytes(await RunViews.ReadBytesAsync(runs, status.Report!, cancellationToken));
        });
}
