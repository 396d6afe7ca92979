using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Average query expansion as fast-reid has it (Chum et al. 2007; weights of Radenović et al. 2018): among queries and gallery together every feature becomes the mean of its most similar ones, itself
/// included, each times its cosine similarity to the power that the spec names; what points away (a negative similarity) adds nothing. Of equally similar ones the first come first.
/// </summary>
internal static class QueryExpansion
{
    private const int SimilaritiesPerTile = 1 << 22;

    /// <summary>The caller disposes both.</summary>
    public static (EmbeddingSet Queries, EmbeddingSet Gallery) Of(EmbeddingSet queries, EmbeddingSet gallery, QueryExpansionSpec spec, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        var feature_ND = cat([queries.Embedding_ND, gallery.Embedding_ND]).to(float64);
        for (var time = 0; time < spec.Times; time++)
        {
            feature_ND = Expanded(feature_ND, spec, stop);
        }

        var expanded_ND = feature_ND.to(float32);
        var (q, g) = (queries.Sightings.Length, gallery.Sightings.Length);
        return (queries with { Embedding_ND = expanded_ND.narrow(0, 0, q).clone().DetachFromDisposeScope(), Local_NHC = null },
            gallery with { Embedding_ND = expanded_ND.narrow(0, q, g).clone().DetachFromDisposeScope(), Local_NHC = null });
    }

    private static Tensor Expanded(Tensor feature_ND, QueryExpansionSpec spec, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        var direction_ND = nn.functional.normalize(feature_ND, dim: 1);
        var (count, neighbors) = ((int)feature_ND.shape[0], Math.Min(spec.Neighbors, (int)feature_ND.shape[0]));
        var rows = Math.Max(1, SimilaritiesPerTile / Math.Max(1, count));
        var expanded_ND = zeros_like(feature_ND);
        for (var first = 0; first < count; first += rows)
        {
            stop.ThrowIfCancellationRequested();
            using var tile = NewDisposeScope();
            var height = Math.Min(rows, count - first);
            var unlikeness_RN = direction_ND.narrow(0, first, height).matmul(direction_ND.t()).neg().data<double>().ToArray();
            var (nearest, weights) = (new long[height * neighbors], new double[height * neighbors]);
            Parallel.For(0, height, row =>
            {
                var places = new int[neighbors];
                var weight = weights.AsSpan(row * neighbors, neighbors);
                Smallest.Of(unlikeness_RN.AsSpan(row * count, count), places, weight);
                for (var i = 0; i < neighbors; i++)
                {
                    nearest[(row * neighbors) + i] = places[i];
                    weight[i] = Math.Pow(Math.Max(0, -weight[i]), spec.Power);
                }
            });
            var chosen_RKD = feature_ND.index_select(0, tensor(nearest)).view(height, neighbors, -1);
            expanded_ND.narrow(0, first, height).copy_((chosen_RKD * tensor(weights).view(height, neighbors, 1)).mean([1]));
        }

        return expanded_ND.MoveToOuterDisposeScope();
    }
}
