using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Has a run that failed or was cancelled done again, and with it those that failed because of it.</summary>
public sealed class RetryRun(RunStore runs)
{
    [Function(nameof(RetryRun))]
    [Summary("Tries a run again that failed or was cancelled, from its last checkpoint or from the start")]
    [Accepts(typeof(RetryRequest), Optional = true)]
    [Answers(202, typeof(RunView), "It is queued again, or waits again for the run whose checkpoint it needs", Location = true)]
    [Answers(400, null, "The body is wrong")]
    [Answers(404, null, "There is no such run")]
    [Answers(409, null, "It has succeeded or is not over, or a run that it builds on has to be tried again first; which, and what to do, is said")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs/{id}/retry")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            var run = Parameters.Run(id);
            var asked = await JsonBody.ReadOrNullAsync<RetryRequest>(request, cancellationToken) ?? new RetryRequest();
            _ = await runs.RetryAsync(run, asked.From, cancellationToken) ?? throw Parameters.NoRun(run);
            return JsonResult.Of(await RunViews.ReadAsync(runs, run, cancellationToken), StatusCodes.Status202Accepted, RunViews.Address(run));
        });
}
