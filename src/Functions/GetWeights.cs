using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;
using ReidCloud.Weights;

namespace ReidCloud.Functions;

/// <summary>Shows pushed weights: which network they are, what matched, what was missing and what was left over.</summary>
public sealed class GetWeights(WeightsStore weights)
{
    [Function(nameof(GetWeights))]
    [Summary("Shows pushed weights")]
    [Answers(200, typeof(WeightsView), "The weights")]
    [Answers(404, null, "There are none of that name")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/weights/{name}")] HttpRequest request, string name, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            return await weights.GetAsync(name, cancellationToken) is { } manifest
                ? JsonResult.Of(WeightsView.Of(name, manifest))
                : throw Parameters.NoWeights(name);
        });
}
