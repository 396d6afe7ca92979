using ReidCloud.Runs;

namespace ReidCloud.Functions.Api;

/// <summary>Runs as the API shows them.</summary>
internal static class RunViews
{
    public static string Address(RunId run) => $"/api/runs/{run}";

    public static RunView Of(RunSummary run, bool cancelRequested = false) => new(run.Id, run.Spec, run.Status, Links(run)) { CancelRequested = cancelRequested };

    /// <summary>The run as it is now.</summary>
    /// <exception cref="ProblemException">404: there is none.</exception>
    public static async Task<RunView> ReadAsync(RunStore runs, RunId id, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(id, cancellationToken) ?? throw Parameters.NoRun(id);
        return Of(run, !run.Status.IsFinal && await runs.IsCancelRequestedAsync(id, cancellationToken));
    }

    private static RunLinks Links(RunSummary run) => new(
        Address(run.Id),
        $"{Address(run.Id)}/events",
        run.Status.Report is null ? null : $"{Address(run.Id)}/report");
}
