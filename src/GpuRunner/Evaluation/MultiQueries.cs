using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Queries of several images: a query's features become the mean, or number by number the largest, of its own and of those of the further images of its identity by its camera.</summary>
internal static class MultiQueries
{
    /// <summary>The caller disposes them.</summary>
    public static EmbeddingSet Of(EmbeddingSet queries, EmbeddingSet further, MultiQueryPooling pooling)
    {
        var images = further.Sightings.Index().ToLookup(image => (image.Item.Identity, image.Item.Camera), image => image.Index);
        int[][] rows = Array.ConvertAll(queries.Sightings, query => images[(query.Identity, query.Camera)].ToArray());
        return queries with
        {
            Embedding_ND = Pooled(queries.Embedding_ND, further.Embedding_ND, rows, pooling),
            Local_NHC = queries.Local_NHC is null ? null : Pooled(queries.Local_NHC, further.Local_NHC!, rows, pooling),
        };
    }

    private static Tensor Pooled(Tensor query, Tensor further, int[][] rows, MultiQueryPooling pooling)
    {
        using var scope = NewDisposeScope();
        var (pooled, images) = (query.data<float>().ToArray(), further.data<float>().ToArray());
        var size = rows.Length == 0 ? 0 : pooled.Length / rows.Length;
        Parallel.For(0, rows.Length, at =>
        {
            for (var number = at * size; number < (at + 1) * size; number++)
            {
                var values = rows[at].Select(row => images[(row * size) + number - (at * size)]).Prepend(pooled[number]);
                pooled[number] = pooling switch
                {
                    MultiQueryPooling.Average => (float)values.Average(value => (double)value),
                    MultiQueryPooling.Max => values.Max(),
                };
            }
        });
        return tensor(pooled, query.shape).DetachFromDisposeScope();
    }
}
