using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Shows one run: what was asked and where it stands.</summary>
public sealed class GetRun(RunStore runs)
{
    [Function(nameof(GetRun))]
    [Summary("Shows a run")]
    [Answers(200, typeof(RunView), "The run")]
    [Answers(404, null, "There is no such run")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            return JsonResult.Of(await RunViews.ReadAsync(runs, Parameters.Run(id), cancellationToken));
        });
}
