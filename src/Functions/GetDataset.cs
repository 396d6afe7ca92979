using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Datasets;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Shows one data set: how its commit stands, what it holds, and what was noticed about it.</summary>
public sealed class GetDataset(DatasetStore datasets)
{
    [Function(nameof(GetDataset))]
    [Summary("Shows a data set")]
    [Answers(200, typeof(DatasetView), "The data set")]
    [Answers(404, null, "There is none of that name, or it was never committed")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/datasets/{name}")] HttpRequest request, string name, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            return DatasetName.IsValid(name) && await datasets.GetShownAsync(name, cancellationToken) is { } status
                ? JsonResult.Of(DatasetViews.Of(name, status))
                : throw Parameters.NoDataset(name);
        });
}
