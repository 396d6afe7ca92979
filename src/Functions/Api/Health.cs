using ReidCloud.Runs;

namespace ReidCloud.Functions.Api;

/// <summary>Whether the API can do its work: each thing it needs, and what is wrong with it.</summary>
public sealed record Health(string Version, bool Healthy, IReadOnlyList<HealthCheck> Checks);
