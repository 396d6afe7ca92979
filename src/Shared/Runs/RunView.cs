using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>A run as the HTTP API shows it: what was asked for, where it stands, and where its events and its report are.</summary>
public sealed record RunView(RunId Id, RunSpec Spec, RunStatus Status, RunLinks Links)
{
    /// <summary>Somebody asked it to stop; it does so at its next step.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>What to do about it, once it has failed; not in lists.</summary>
    public FailureRemedy? Remedy { get; init; }
}

/// <summary>Addresses that a client can follow; <see cref="Report"/> and <see cref="Files"/> once there is a report.</summary>
public sealed record RunLinks(string Self, string Events, string? Report = null, string? Files = null);

/// <summary>A file of a run: its name, its size in bytes, its content's SHA-256 in hexadecimal, and where to get it.</summary>
public sealed record RunFileView(string Name, long Length, string Sha256, string Address);

/// <summary>What a run left besides its report, in the order it was written; its final checkpoint last.</summary>
public sealed record RunFileList(IReadOnlyList<RunFileView> Files);

/// <summary>Runs, newest first. Ask again with `?continue=` <see cref="Continue"/> for the next page; without it this is the last.</summary>
public sealed record RunList(IReadOnlyList<RunView> Runs)
{
    /// <summary>Runs of this page of which nothing can be shown; absent when there are none.</summary>
    public IReadOnlyList<DamagedName>? Damaged { get; init; }

    public string? Continue { get; init; }
}

/// <summary>
/// What happened in a run, over all its attempts, oldest first, about a MiB at most. Ask again with `?after=` <see cref="Next"/> for what came since.
/// </summary>
public sealed record RunEvents(IReadOnlyList<RunEvent> Events, string Next);
