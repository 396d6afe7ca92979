using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Functions;

/// <summary>Tells what has happened in a run since the reader last asked.</summary>
public sealed class GetRunEvents(RunStore runs)
{
    [Function(nameof(GetRunEvents))]
    [Summary("Tells what happened in a run, from the beginning or from where one left off")]
    [Query("after", typeof(string), "What the last answer gave as `next`")]
    [Answers(200, typeof(RunEvents), "Events, oldest first, about a MiB at most")]
    [Answers(400, null, "`after` is not a place in the events")]
    [Answers(404, null, "There is no such run")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}/events")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request, "after");
            var run = Parameters.Run(id);
            EventPosition after = default;
            if (Parameters.Text(request, "after") is { } text && !EventPosition.TryParse(text, out after))
            {
                throw new SpecException("?after", $"'{text}' is not a place that an earlier answer gave as `next`");
            }

            var there = await runs.GetStatusAsync(run, cancellationToken) ?? throw Parameters.NoRun(run);
            var page = await runs.ReadEventsAsync(run, there.Status.Attempt, after, cancellationToken);
            return JsonResult.Of(new RunEvents(page.Events, page.Next.ToString()));
        });
}
