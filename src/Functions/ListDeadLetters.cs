using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Lists what failed and what to do about it, newest first, page by page.</summary>
public sealed class ListDeadLetters(RunStore runs)
{
    [Function(nameof(ListDeadLetters))]
    [Summary("Lists the runs that failed and the nudges that nobody could handle, newest first, each with its cause and what to do about it")]
    [Query("limit", typeof(int), "At most so many on a page: 1 to 200, 50 when left out. A page may have fewer and still have a next one")]
    [Query("continue", typeof(string), "What the page before gave as `continue`")]
    [Answers(200, typeof(DeadLetterList), "A page of them")]
    [Answers(400, null, "A query parameter is wrong")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/dead-letters")] HttpRequest request, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request, "limit", "continue");
            var page = await runs.ListDeadLettersAsync(Parameters.Text(request, "continue"), Parameters.Limit(request), cancellationToken);
            return JsonResult.Of(new DeadLetterList(page.DeadLetters) { Continue = page.Continuation });
        });
}
