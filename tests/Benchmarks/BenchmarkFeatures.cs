using ReidCloud.GpuRunner.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>Features of people near whom others are: everybody's scatter around a center, so far that some strangers are nearer than some matches.</summary>
internal static class BenchmarkFeatures
{
    private const double Scatter = 2.5;
    private const int RowsAtOnce = 1 << 11;
    private const ulong PeopleSeed = 0;

    /// <summary>Everybody is seen by all cameras in turn.</summary>
    /// <param name="seed">Of the items; the people are the same for all.</param>
    public static EmbeddingSet Of(int count, int identities, int cameras, int dimensions, long seed)
    {
        using var people = new Generator(PeopleSeed);
        using var centers_KD = randn([identities, dimensions], generator: people);
        using var generator = new Generator((ulong)seed);
        var embedding_ND = empty([count, dimensions]);
        for (var first = 0; first < count; first += RowsAtOnce)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(RowsAtOnce, count - first);
            var who = tensor(Enumerable.Range(first, rows).Select(item => (long)(item % identities)).ToArray());
            embedding_ND.narrow(0, first, rows).copy_(randn([rows, dimensions], generator: generator)).mul_(Scatter).add_(centers_KD.index_select(0, who));
        }

        return new EmbeddingSet(embedding_ND, [.. Enumerable.Range(0, count).Select(item => new Sighting(item % identities, item / identities % cameras))]);
    }
}
