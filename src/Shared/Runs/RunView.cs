using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>A run as the HTTP API shows it: what was asked for, where it stands, and where its events and its report are.</summary>
public sealed record RunView(RunId Id, RunSpec Spec, RunStatus Status, RunLinks Links);

/// <summary>Addresses that a client can follow; <see cref="Report"/> once there is one.</summary>
public sealed record RunLinks(string Self, string Events, string? Report = null);

/// <summary>Runs, newest first.</summary>
public sealed record RunList(IReadOnlyList<RunView> Runs);
