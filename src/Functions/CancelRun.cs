using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Functions;

/// <summary>Asks a run to stop. One that no runner has begun is cancelled at once; a runner stops at its next step. Asking twice is harmless.</summary>
public sealed class CancelRun(RunStore runs)
{
    [Function(nameof(CancelRun))]
    [Summary("Asks a run to stop")]
    [Answers(202, typeof(RunView), "Its runner is told, and stops at its next step", Location = true)]
    [Answers(200, typeof(RunView), "It is cancelled")]
    [Answers(404, null, "There is no such run")]
    [Answers(409, null, "It has finished: there is nothing left to stop")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/runs/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            var run = Parameters.Run(id);
            var status = await runs.RequestCancelAsync(run, cancellationToken) ?? throw Parameters.NoRun(run);
            if (status.State is RunState.Succeeded or RunState.Failed)
            {
                throw ProblemException.Conflict($"Run {run} has finished ({NameConverterFactory.NameOf(status.State)}): there is nothing left to stop.");
            }

            return JsonResult.Of(
                await RunViews.ReadAsync(runs, run, cancellationToken),
                status.State == RunState.Cancelled ? StatusCodes.Status200OK : StatusCodes.Status202Accepted,
                RunViews.Address(run));
        });
}
