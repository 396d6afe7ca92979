using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Says where to read a file of a run from. The bytes come straight from the storage, never through here.</summary>
public sealed class GetRunFile(RunStore runs)
{
    [Function(nameof(GetRunFile))]
    [Summary("Sends on to a file of a run")]
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
            var file = await RunViews.ReadFileAsync(runs, Parameters.Run(id), name, cancellationToken);
            var address = await runs.OfferFileAsync(file, cancellationToken);
            return new SentOn(address.Url);
        });
}
