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
    [Summary("Hands out a run's report")]
    [Answers(200, typeof(MetricReport), "The report")]
    [Answers(404, null, "There is no such run")]
    [Answers(409, null, "It has not succeeded, or not yet")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}/report")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            var status = await RunViews.ReadReportedAsync(runs, Parameters.Run(id), cancellationToken);
            using var bytes = new MemoryStream();
            await using (var report = await runs.OpenBlobAsync(status.Report!, cancellationToken))
            {
                await report.CopyToAsync(bytes, cancellationToken);
            }

            return JsonResult.OfBytes(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        });
}
