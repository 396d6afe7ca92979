using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Datasets;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Lists data sets by name, page by page.</summary>
public sealed class ListDatasets(DatasetStore datasets)
{
    [Function(nameof(ListDatasets))]
    [Summary("Lists data sets by name")]
    [Query("limit", typeof(int), "At most so many on a page: 1 to 200, 50 when left out")]
    [Query("continue", typeof(string), "What the page before gave as `continue`")]
    [Answers(200, typeof(DatasetList), "A page of data sets")]
    [Answers(400, null, "A query parameter is wrong")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/datasets")] HttpRequest request, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request, "limit", "continue");
            var page = await datasets.ListAsync(Parameters.Text(request, "continue"), Parameters.Limit(request), cancellationToken);
            var views = page.Datasets.Select(dataset => DatasetViews.Of(dataset.Name, dataset.Commit));
            return JsonResult.Of(new DatasetList([.. views]) { Continue = page.Continuation });
        });
}
