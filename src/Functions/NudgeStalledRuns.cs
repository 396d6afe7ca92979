using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Every minute, nudges a runner to each run that nobody works on, so that neither a lost message nor a dead runner strands one.</summary>
public sealed class NudgeStalledRuns(StalledRuns stalled, ILogger<NudgeStalledRuns> log)
{
    [Function(nameof(NudgeStalledRuns))]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var found = await stalled.SweepAsync(cancellationToken);
        if (found.Nudged > 0)
        {
            log.LogInformation("{Nudged} of {Open} unfinished runs were nudged", found.Nudged, found.Open);
        }

        foreach (var problem in found.Problems)
        {
            log.LogWarning("{Problem}", Redaction.Of(problem));
        }
    }
}
