using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

public sealed class RankOrderTests
{
    [Fact]
    public void Orders_as_a_stable_sort_without_junk_does()
    {
        var random = Seeding.Stream(9, "test");
        for (var trial = 0; trial < 500; trial++)
        {
            // Negative ones, equal ones and both zeros.
            var distances = Enumerable.Range(0, random.NextInt(30)).Select(_ => (random.NextInt(7) - 3) / 4f * (random.NextBool(0.5) ? 1 : -1)).ToArray();
            Sighting[] gallery = [.. distances.Select(_ => new Sighting(random.NextInt(3) - 1, random.NextInt(2)))];
            var query = new Sighting(1, 1);

            var order = RankOrder.Of(distances, query, gallery, RetrievalProtocol.CrossCamera);

            Assert.Equal(Enumerable.Range(0, gallery.Length).Where(item => gallery[item] != query).OrderBy(item => distances[item]), order);
            var ranks = Ranking.Rank(distances, query, new GalleryIndex(gallery), RetrievalProtocol.CrossCamera);
            Assert.Equal(ranks.Matches, order.Index().Where(item => gallery[item.Item].Identity == query.Identity).Select(item => item.Index));
        }
    }
}
