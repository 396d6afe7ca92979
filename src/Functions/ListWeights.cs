using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;
using ReidCloud.Weights;

namespace ReidCloud.Functions;

/// <summary>Lists pushed weights by name, page by page.</summary>
public sealed class ListWeights(WeightsStore weights)
{
    [Function(nameof(ListWeights))]
    [Summary("Lists pushed weights by name")]
    [Query("limit", typeof(int), "At most so many on a page: 1 to 200, 50 when left out")]
    [Query("continue", typeof(string), "What the page before gave as `continue`")]
    [Answers(200, typeof(WeightsList), "A page of weights")]
    [Answers(400, null, "A query parameter is wrong")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/weights")] HttpRequest request, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request, "limit", "continue");
            var page = await weights.ListAsync(Parameters.Text(request, "continue"), Parameters.Limit(request), cancellationToken);
            return JsonResult.Of(new WeightsList([.. page.Weights.Select(named => WeightsSummary.Of(named.Name, named.Manifest))])
            {
                Damaged = page.Damaged is [] ? null : page.Damaged,
                Continue = page.Continuation,
            });
        });
}
