using ReidCloud.GpuRunner.Evaluation;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>What one model makes of a setting's queries and of what they are searched in.</summary>
internal sealed record SearchedSets(EmbeddingSet Queries, EmbeddingSet Gallery);
