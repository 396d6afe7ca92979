using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Lists the runs that build on one: its students, and what measures or explains it.</summary>
public sealed class ListDependents(RunStore runs)
{
    private const int Most = 100;

    [Function(nameof(ListDependents))]
    [Summary("Lists the runs that build on one")]
    [Answers(200, typeof(RunList), "They, a hundred at most")]
    [Answers(404, null, "There is no such run")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}/dependents")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            var run = Parameters.Run(id);
            _ = await runs.GetStatusAsync(run, cancellationToken) ?? throw Parameters.NoRun(run);
            var dependents = await runs.ListDependentsAsync(run, Most, cancellationToken);
            return JsonResult.Of(new RunList([.. dependents.Select(dependent => RunViews.Of(dependent))]));
        });
}
