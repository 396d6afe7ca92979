using BenchmarkDotNet.Attributes;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;

namespace ReidCloud.Benchmarks.Hot;

/// <summary>One query of Market-1501 against its gallery: 15,913 items, 751 identities, 6 cameras.</summary>
public class RankingRow
{
    private const int Items = 15_913;
    private const int Identities = 751;
    private const int Cameras = 6;

    private readonly float[] _distances = new float[Items];
    private readonly Sighting[] _gallery = new Sighting[Items];
    private GalleryIndex _index = new([]);
    private Sighting _query;

    [GlobalSetup]
    public void Draw()
    {
        var random = Seeding.Stream(1, "benchmarks/ranking");
        _query = new Sighting(random.NextInt(Identities), random.NextInt(Cameras));
        for (var item = 0; item < Items; item++)
        {
            _gallery[item] = new Sighting(random.NextInt(Identities), random.NextInt(Cameras));
            _distances[item] = (float)random.NextDouble() + (_gallery[item].Identity == _query.Identity ? 0 : 0.5f);
        }

        _index = new GalleryIndex(_gallery);
    }

    [Benchmark]
    public object Rank() => Ranking.Rank(_distances, _query, _index, RetrievalProtocol.CrossCamera);
}
