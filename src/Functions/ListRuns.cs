using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Lists runs, newest first, page by page.</summary>
public sealed class ListRuns(RunStore runs)
{
    [Function(nameof(ListRuns))]
    [Summary("Lists runs, newest first")]
    [Query("state", typeof(RunState), "Only runs in this state")]
    [Query("limit", typeof(int), "At most so many on a page: 1 to 200, 50 when left out. A page may have fewer and still have a next one")]
    [Query("continue", typeof(string), "What the page before gave as `continue`")]
    [Answers(200, typeof(RunList), "A page of runs")]
    [Answers(400, null, "A query parameter is wrong")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs")] HttpRequest request, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request, "state", "limit", "continue");
            var state = Parameters.Named<RunState>(request, "state");
            var page = await runs.ListAsync(state, Parameters.Text(request, "continue"), Parameters.Limit(request), cancellationToken);
            return JsonResult.Of(new RunList([.. page.Runs.Select(run => RunViews.Of(run))])
            {
                Damaged = page.Damaged is [] ? null : page.Damaged,
                Continue = page.Continuation,
            });
        });
}
