using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class CombinedDatasetTests
{
    /// <summary>Spec of AlignedReID §12: 751 + 767 + 702 persons in 12,936 + 7,365 + 16,522 images.</summary>
    [Fact]
    public void The_set_of_three_has_the_published_counts()
    {
        var parts = new[] { Drawn("market", 751, 12_936, 6, 1), Drawn("cuhk03", 767, 7_365, 2, 2), Drawn("duke", 702, 16_522, 8, 3) };

        var combined = CombinedDataset.Of("combined", parts, null);

        Assert.Equal(new SplitCounts(2_220, 36_823, 36_823, 16, 0), combined.Diagnosis.Train);
        Assert.Equal(Enumerable.Range(0, 2_220), combined.TrainingIdentities);
        Assert.Equal(
            ["market/0002", "market/1502", "cuhk03/0002", "cuhk03/1534", "duke/0002", "duke/1404"],
            new[] { 0, 750, 751, 1517, 1518, 2219 }.Select(label => combined.Identities[combined.TrainingIdentities[label]]));
        Assert.Equal((0, 0), (combined.Diagnosis.Query.Tracklets, combined.Diagnosis.Gallery.Tracklets));
        Assert.Equal(36_823, combined.Frames.Count);
        Assert.Equal(["market", "cuhk03", "duke"], combined.Blobs.Select(blob => blob.Dataset));
        Assert.DoesNotContain(combined.Diagnosis.Findings, finding => finding.Code == "pictures-in-two-data-sets");
    }

    [Fact]
    public void The_test_of_one_is_that_of_all_and_frames_stay_what_they_were()
    {
        var (market, mars) = (UploadFiles.Market1501().Pack("a.zip").Ingest() with { Name = "market" }, UploadFiles.Mars().Pack("b.zip").Ingest() with { Name = "mars" });

        var combined = CombinedDataset.Of("combined", [market, mars], mars);

        Assert.Equal(mars.Of(Split.Gallery).Select(tracklet => Shown(mars, tracklet, "mars/")), combined.Of(Split.Gallery).Select(tracklet => Shown(combined, tracklet, "")));
        Assert.Equal(mars.Of(Split.Query).Select(tracklet => Shown(mars, tracklet, "mars/")), combined.Of(Split.Query).Select(tracklet => Shown(combined, tracklet, "")));
        Assert.Equal(
            market.Of(Split.Train).Select(tracklet => Shown(market, tracklet, "market/")).Concat(mars.Of(Split.Train).Select(tracklet => Shown(mars, tracklet, "mars/"))),
            combined.Of(Split.Train).Select(tracklet => Shown(combined, tracklet, "")));
        Assert.DoesNotContain(combined.Frames, frame => frame.Name.Contains("bounding_box_test", StringComparison.Ordinal));
        Assert.True(combined.HasCameras);
        using var json = new MemoryStream();
        ManifestJson.Write(json, combined);
        json.Position = 0;
        Assert.Equal(combined.Tracklets, ManifestJson.Read(json).Tracklets);
        Assert.NotEqual(combined.Hash, CombinedDataset.Of("combined", [mars, market], mars).Hash);
        Assert.NotEqual(combined.Hash, CombinedDataset.Of("combined", [market, mars], market).Hash);
    }

    [Fact]
    public void A_picture_in_two_of_them_is_noticed()
    {
        var market = UploadFiles.Market1501().Ingest();

        var twins = CombinedDataset.Of("combined", [market with { Name = "one" }, market with { Name = "two" }], null).Diagnosis.Findings.Single(finding => finding.Code == "pictures-in-two-data-sets");

        Assert.Equal((FindingSeverity.Warning, 3), (twins.Severity, twins.Count));
        Assert.Contains("(one) = ", twins.Examples[0], StringComparison.Ordinal);
    }

    private static string Shown(DatasetManifest manifest, Tracklet tracklet, string of) =>
        $"{(tracklet.IsDistractor ? "" : of + manifest.Identities[tracklet.Identity])} {of}{manifest.Cameras[tracklet.Camera].Name} "
        + string.Join(' ', Enumerable.Range(tracklet.FirstFrame, tracklet.FrameCount).Select(frame => $"{manifest.Frames[frame].Name}@{manifest.Frames[frame].Offset}"));

    /// <summary>A training split of so many persons and images, and a little test.</summary>
    private static DatasetManifest Drawn(string name, int identities, int images, int cameras, uint kind)
    {
        Tracklet[] tracklets =
        [
            .. Enumerable.Range(0, images).Select(i => new Tracklet(Split.Train, i % identities, (i / identities) % cameras, i, 1)),
            new Tracklet(Split.Query, identities, 0, images, 1), new Tracklet(Split.Gallery, identities, 1, images + 1, 1),
        ];
        string[] names = [.. Enumerable.Range(1, identities + 1).Select(identity => $"{identity * 2:D4}")];
        Camera[] sensors = [.. Enumerable.Range(1, cameras).Select(camera => new Camera($"{camera}"))];
        FrameSource[] frames = [.. Enumerable.Range(0, images + 2).Select(i => new FrameSource($"{i}.jpg", 0, i * 100L, 100, 100, FrameEncoding.Stored, (kind << 24) + (uint)i))];
        return new DatasetManifest(
            name, "market1501", name, names, sensors, [new DatasetBlob($"{name}.zip", images * 200L, "x")], frames, tracklets,
            ManifestDiagnoser.Diagnose(names, sensors, tracklets, null, new FindingList()));
    }
}
