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
/// What happened in a run, over all its attempts, oldest first, about a MiB at most. Ask again with `?after=` <see cref="Next"/> for what came since.
/// </summary>
public sealed record RunEvents(IReadOnlyList<RunEvent> Events, string Next);
