using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;

namespace ReidCloud.Functions;

/// <summary>Says whether the storage answers. Needs no key, so that probes can ask; tells nothing secret.</summary>
public sealed class GetHealth(RecentHealth recent)
{
    [Function(nameof(GetHealth))]
    [Summary("Says whether the API can do its work")]
    [Answers(200, typeof(Health), "It can")]
    [Answers(503, typeof(Health), "It cannot, and why")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health")] HttpRequest request, CancellationToken cancellationToken) =>
        Answer.ToAnyoneAsync(request, async () =>
        {
            var checks = await recent.CheckAsync(cancellationToken);
            var healthy = checks.All(check => check.Problem is null);
            return JsonResult.Of(
                new Health(ProductVersion.Current, healthy, checks),
                healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
}
