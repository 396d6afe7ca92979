using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Insights;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Evaluation;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Insights;

public sealed class CameraPairsTests : TorchTests
{
    private static readonly Camera[] Names = [.. "abcd".Select(name => new Camera($"{name}"))];

    [Fact]
    public void Each_pair_is_what_searching_that_cameras_part_alone_gives()
    {
        var random = Seeding.Stream(8, "test");
        for (var trial = 0; trial < 20; trial++)
        {
            using var queries = Set(random, 12);
            using var gallery = Set(random, 40);
            var spec = new EvaluationSpec { Metric = trial % 2 == 0 ? DistanceMetric.Cosine : DistanceMetric.Euclidean };

            var pairs = CameraPairs.Measure(queries, gallery, spec, Names, () => { }, default);

            Assert.Equal(Cameras(queries).SelectMany(query => Cameras(gallery).Select(part => (query, part))), pairs.Select(pair => (pair.QueryCamera, pair.GalleryCamera)));
            foreach (var pair in pairs)
            {
                using var asked = Of(queries, pair.QueryCamera);
                using var part = Of(gallery, pair.GalleryCamera);
                using var distances = Distances.Between(asked.Embedding_ND, part.Embedding_ND, spec.Metric);
                var oracle = SortingOracle.Measure(distances.data<float>().ToArray(), asked.Sightings, part.Sightings);
                Assert.Equal(oracle.WithMatch, pair.Queries);
                Assert.Equal(pair.Queries == 0, pair.Map is null);
                Assert.Equal(oracle.Standard, pair.Map ?? 0, 9);
            }
        }
    }

    [Fact]
    public void Known_and_new_cameras_are_what_searching_their_parts_alone_gives()
    {
        var random = Seeding.Stream(9, "test");
        for (var trial = 0; trial < 20; trial++)
        {
            using var queries = Set(random, 12);
            using var gallery = Set(random, 40);
            var known = Enumerable.Range(0, 4).Where(_ => random.NextBool(0.5)).ToHashSet();

            var found = KnownCameras.Measure(default, new SearchedSets(queries, gallery), known, new EvaluationSpec(), () => { }, default);

            var rows = new List<KnownCameraFigures>();
            foreach (var (query, part) in known.Count == 4 ? [] : new[] { (true, true), (true, false), (false, true), (false, false) })
            {
                using var asked = queries.Only([.. Places(queries, query)]);
                using var searched = gallery.Only([.. Places(gallery, part)]);
                using var distances = Distances.Between(asked.Embedding_ND, searched.Embedding_ND, default);
                var oracle = SortingOracle.Measure(distances.data<float>().ToArray(), asked.Sightings, searched.Sightings);
                if (oracle.WithMatch > 0)
                {
                    rows.Add(new KnownCameraFigures(default, query, part, oracle.WithMatch, Math.Round(oracle.Cmc[0], 9), Math.Round(oracle.Standard, 9)));
                }
            }

            Assert.Equal(rows, found.Select(row => row with { Rank1 = Math.Round(row.Rank1, 9), MapStandard = Math.Round(row.MapStandard, 9) }));

            IEnumerable<int> Places(EmbeddingSet set, bool isKnown) => set.Sightings.Index().Where(item => known.Contains(item.Item.Camera) == isKnown).Select(item => item.Index);
        }
    }

    [Fact]
    public void Where_nothing_is_found_anywhere_there_are_no_pairs()
    {
        using var none = new EmbeddingSet(zeros([0, 2]), []);
        using var one = new EmbeddingSet(ones([1, 2]), [new Sighting(0, 0)]);

        foreach (var (queries, gallery) in new[] { (none, none), (none, one), (one, none), (one, one) })
        {
            Assert.Empty(CameraPairs.Measure(queries, gallery, new EvaluationSpec(), Names, () => { }, default));
        }
    }

    /// <summary>Distances in coarse steps, so that some are equal.</summary>
    private static EmbeddingSet Set(RandomStream random, int count) => new(
        tensor(Enumerable.Range(0, count * 3).Select(_ => (float)(1 + random.NextInt(4))).ToArray(), [count, 3]),
        [.. Enumerable.Range(0, count).Select(_ => new Sighting(random.NextInt(6) - 1, random.NextInt(4)))]);

    private static IEnumerable<string> Cameras(EmbeddingSet set) => set.Sightings.Select(sighting => sighting.Camera).Distinct().Order().Select(camera => Names[camera].Name);

    private static EmbeddingSet Of(EmbeddingSet set, string camera) =>
        set.Only([.. set.Sightings.Index().Where(item => Names[item.Item.Camera].Name == camera).Select(item => item.Index)]);
}
