using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>
/// Says where to read a file of a run from, to whoever cannot follow <see cref="GetRunFile"/>: a page in a browser that shows its key in a header cannot send
/// its reader to an address that demands one.
/// </summary>
public sealed class OfferRunFile(RunStore runs)
{
    [Function(nameof(OfferRunFile))]
    [Summary("Gives an address to read a file of a run from")]
    [Answers(200, typeof(SignedAddress), "The file is there, without a key, until it expires")]
    [Answers(404, null, "There is no such run, or it has no such file")]
    [Answers(409, null, "It has not succeeded, or not yet")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs/{id}/files/{name}/address")] HttpRequest request,
        string id,
        string name,
        CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            var file = await RunViews.ReadFileAsync(runs, Parameters.Run(id), name, cancellationToken);
            return JsonResult.Of(await runs.OfferFileAsync(file, cancellationToken));
        });
}
