using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Insights;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Insights;

public sealed class EmbeddingMapsTests : TorchTests
{
    private static readonly DatasetManifest Manifest = TinyDataset.Manifest(TinyDataset.Zip());

    [Fact]
    public void Of_many_items_some_identities_are_shown_with_all_they_have()
    {
        // Twelve identities of 100 items, and 300 of nobody.
        var gallery = Items([.. Enumerable.Range(0, 1200).Select(i => i % 12), .. Enumerable.Repeat(Tracklet.Distractor, 300)]);
        var queries = Items([.. Enumerable.Range(0, 12)]);

        var map = Draw(queries, gallery)!;

        var shown = map.Points.CountBy(point => $"{point.Identity}").ToList();
        Assert.Equal(4, shown.Count);
        Assert.All(shown, identity => Assert.Equal(101, identity.Value));
        Assert.Equal(4, map.Points.Count(point => point.IsQuery));
    }

    [Fact]
    public void Of_many_that_nobody_asks_for_some_are_shown() => Assert.Equal(500, Draw([], Items([.. Enumerable.Repeat(Tracklet.Distractor, 700)]))!.Points.Count);

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "pca")]
    [InlineData(2, "pca")]
    [InlineData(11, "pca")]
    [InlineData(12, "t-sne")]
    public void Few_are_all_shown_by_a_method_that_serves_them(int count, string? method)
    {
        var map = Draw([], Items([.. Enumerable.Range(0, count).Select(i => i % 3)]));

        Assert.Equal((method, method is null ? null : count), (map?.Method, map?.Points.Count));
        Assert.All(map?.Points ?? [], point => Assert.True(Math.Abs(point.X) <= 1 && Math.Abs(point.Y) <= 1));
    }

    private static RetrievalItem[] Items(int[] identities) => Array.ConvertAll(identities, identity => new RetrievalItem([0], new Sighting(identity, 0)));

    private static EmbeddingMap? Draw(RetrievalItem[] queries, RetrievalItem[] gallery)
    {
        using var asked = Embedded(queries);
        using var searched = Embedded(gallery);
        return new EmbeddingMaps(new EvaluationSpec(), new ItemNames(Manifest), 1, default).Of(RetrievalSetting.ImageToImage, queries, gallery, new SearchedSets(asked, searched));
    }

    private static EmbeddingSet Embedded(RetrievalItem[] items)
    {
        var random = Seeding.Stream(2, "test");
        return new EmbeddingSet(
            tensor(items.SelectMany(_ => Enumerable.Range(0, 4).Select(_ => (float)random.NextGaussian())).ToArray(), [items.Length, 4]), [.. items.Select(item => item.Sighting)]);
    }
}
