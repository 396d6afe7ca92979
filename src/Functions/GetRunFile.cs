using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>
/// Says where to read a file of a run from: the bytes come straight from the storage, and a browser saves them. Only the report for people comes from here, as a
/// storage cannot say what a page may do.
/// </summary>
public sealed class GetRunFile(RunStore runs)
{
    [Function(nameof(GetRunFile))]
    [Summary("Sends on to a file of a run")]
    [Answers(200, null, "The report for people: `report.html`, `report.md`, `report.csv`", Type = "text/html")]
    [Answers(302, null, "The file is there, for a few minutes. Leave this API's key out when following", Location = true)]
    [Answers(404, null, "There is no such run, or it has no such file")]
    [Answers(409, null, "It has not succeeded, or not yet")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}/files/{name}")] HttpRequest request,
        string id,
        string name,
        CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            var run = Parameters.Run(id);
            var file = await RunViews.ReadFileAsync(runs, run, name, cancellationToken);
            if (ReportForms.OfFile(file.Name) is { } form)
            {
                return await RunViews.ReadDocumentAsync(runs, run, file, form, cancellationToken);
            }

            var address = await runs.OfferFileAsync(file, cancellationToken);
            return new SentOn(address.Url);
        });
}
