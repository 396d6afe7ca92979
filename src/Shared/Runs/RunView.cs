using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>A run as the HTTP API shows it: what was asked for, where it stands, and where its events and its report are.</summary>
public sealed record RunView(RunId Id, RunSpec Spec, RunStatus Status, RunLinks Links)
{
    /// <summary>Somebody asked it to stop; it does so at its next step.</summary>
    public bool CancelRequested { get; init; }
}

/// <summary>Addresses that a client can follow; <see cref="Report"/> once there is one.</summary>
public sealed record RunLinks(string Self, string Events, string? Report = null);

/// <summary>Runs, newest first. Ask again with `?continue=` <see cref="Continue"/> for the next page; without it this is the last.</summary>
public sealed record RunList(IReadOnlyList<RunView> Runs)
{
    public string? Continue { get; init; }
}

/// <summary>
/// What happened in the run's current attempt, oldest first, beginning at the place that `?after=` named. <see cref="Next"/> is where to go on;
/// when <see cref="Attempt"/> has changed, begin at 0 again.
/// </summary>
public sealed record RunEvents(int Attempt, IReadOnlyList<RunEvent> Events, int Next);
