using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class Market1501LayoutTests
{
    private static readonly byte[] Tiny = UploadFiles.Bmp(24, 24, 1);
    private const string Root = "Market-1501-v15.09.15/";

    [Fact]
    public void Takes_identity_and_camera_from_the_file_name()
    {
        var manifest = UploadFiles.Market1501().Pack("Market-1501-v15.09.15.zip").Ingest();

        Assert.Equal("market1501", manifest.Layout);
        Assert.Equal(["0002", "0003", "0010", "0011"], manifest.Identities);
        Assert.Equal(new SplitCounts(2, 3, 3, 3, 0), manifest.Diagnosis.Train);
        Assert.Equal(new SplitCounts(2, 2, 2, 2, 0), manifest.Diagnosis.Query);
        Assert.Equal(new SplitCounts(2, 3, 3, 3, 1), manifest.Diagnosis.Gallery);
        Assert.All(manifest.Tracklets, tracklet => Assert.Equal(1, tracklet.FrameCount));
        Assert.All(manifest.Tracklets.Where(tracklet => !tracklet.IsDistractor), tracklet =>
        {
            var name = Path.GetFileName(manifest.Frames[tracklet.FirstFrame].Name);
            Assert.StartsWith($"{manifest.Identities[tracklet.Identity]}_c{manifest.Cameras[tracklet.Camera].Name}s", name, StringComparison.Ordinal);
        });
        Assert.Equal([Root + "bounding_box_test/-1_c1s1_000401_03.jpg"], Examples(manifest, "junk-dropped"));
        Assert.Equal([Root + "readme.txt"], Examples(manifest, "unused-files"));
    }

    [Fact]
    public void Hand_drawn_boxes_of_the_queries_may_be_searched_for_together_with_them()
    {
        var upload = UploadFiles.Market1501();
        foreach (var (place, name) in new[] { "0010_c1s1_000401_00.jpg", "0010_c1s1_000426_00.jpg", "0010_c2s1_000451_01.jpg", "0003_c3s1_000400_00.jpg", "0002_c1s1_000451_03.jpg" }.Index())
        {
            upload.With($"{Root}gt_bbox/{name}", UploadFiles.Bmp(32, 64, 9000 + place));
        }

        var manifest = upload.Ingest();

        Assert.Equal(new SplitCounts(2, 3, 3, 2, 0), manifest.Diagnosis.MultiQuery);
        Assert.Equal(
            [Root + "gt_bbox/0003_c3s1_000400_00.jpg", Root + "gt_bbox/0010_c1s1_000401_00.jpg", Root + "gt_bbox/0010_c1s1_000426_00.jpg"],
            manifest.Of(Split.MultiQuery).Select(tracklet => manifest.Frames[tracklet.FirstFrame].Name));
        Assert.Equal([Root + "gt_bbox/0002_c1s1_000451_03.jpg", Root + "gt_bbox/0010_c2s1_000451_01.jpg"], Examples(manifest, "boxes-of-others"));
        Assert.Null(UploadFiles.Market1501().Ingest().Diagnosis.MultiQuery);
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Severity == FindingSeverity.Error);
    }

    /// <summary>25,259 boxes, of which 12,688 are of the 3,368 queries' identities and cameras.</summary>
    [Fact]
    public void Of_the_published_boxes_as_many_are_used_as_AlignedReID_uses()
    {
        var names = new List<string> { Root + "bounding_box_train/2000_c1s1_000001_00.jpg", Root + "bounding_box_test/0001_c6s1_000001_00.jpg" };
        names.AddRange(Enumerable.Range(0, 3_368).Select(query => $"{Root}query/{Seen(query)}s1_000001_00.jpg"));
        names.AddRange(Enumerable.Range(0, 12_688).Select(box => $"{Root}gt_bbox/{Seen(box % 3_368)}s1_{box:D6}_00.jpg"));
        names.AddRange(Enumerable.Range(0, 25_259 - 12_688).Select(box => $"{Root}gt_bbox/{3000 + (box % 751):D4}_c1s1_{box:D6}_00.jpg"));

        var draft = new Market1501Layout().Read(new FileListing(names.Select((name, i) => new FrameSource(name, 0, i, 1, 1, FrameEncoding.Stored, 0)), _ => []));

        Assert.Equal(12_688, draft.Tables().Tracklets.Count(tracklet => tracklet.Split == Split.MultiQuery));
        Assert.Equal(25_259 - 12_688, draft.Findings.ToList().Single(finding => finding.Code == "boxes-of-others").Count);
        static string Seen(int query) => $"{1 + (query / 5):D4}_c{1 + (query % 5)}";
    }

    [Fact]
    public void Folders_that_look_like_names_do_not_matter()
    {
        var plain = UploadFiles.Market1501();
        var upload = new UploadFiles();
        foreach (var (name, content) in plain.Files)
        {
            upload.With($"0099_c5s1_x/{name}", content);
        }

        Assert.Equal(["0002", "0003", "0010", "0011"], upload.Ingest().Identities);
    }

    [Fact]
    public void Reads_what_was_packed_anew_in_its_arrangement()
    {
        var upload = new UploadFiles()
            .With("set/bounding_box_train/0001_c2_22.png", UploadFiles.Bmp(40, 90, 1))
            .With("set/query/0005_c2_1.png", UploadFiles.Bmp(40, 90, 2))
            .With("set/bounding_box_test/0005_c8_0084804.jpg", UploadFiles.Bmp(40, 90, 3));

        var manifest = upload.Ingest();

        Assert.Equal(("market1501", "2 8"), (manifest.Layout, string.Join(' ', manifest.Cameras.Select(camera => camera.Name))));
        Assert.True(new Market1501Layout().Read(upload.Listing()).IsRepacked);
        Assert.False(new Market1501Layout().Read(UploadFiles.Market1501().Listing()).IsRepacked);
    }

    /// <summary>As many images as Market-1501 has, but not its numbers: a note for Market-1501's own names, nothing for others'.</summary>
    [Theory]
    [InlineData("c1s1_", true)]
    [InlineData("c1_", false)]
    public void Compares_its_own_names_with_the_published_counts(string camera, bool isCompared)
    {
        var upload = new UploadFiles().With("bounding_box_test/0001_c2s1_1.jpg".Replace("s1", isCompared ? "s1" : "", StringComparison.Ordinal), UploadFiles.Bmp(40, 90, 1))
            .With("query/0001_c3s1_1.jpg".Replace("s1", isCompared ? "s1" : "", StringComparison.Ordinal), UploadFiles.Bmp(40, 90, 2));
        for (var image = 0; image < 17_000; image++)
        {
            upload.Files[$"bounding_box_train/{2 + (image % 700):D4}_{camera}{image}.jpg"] = Tiny;
        }

        var notes = upload.Pack("set.zip", level: System.IO.Compression.CompressionLevel.NoCompression).Ingest().Diagnosis.Findings.Select(finding => finding.Code).ToList();

        Assert.Equal(isCompared, notes.Contains("published-counts"));
    }

    [Fact]
    public void Refuses_distractors_outside_the_gallery()
    {
        var upload = UploadFiles.Market1501().With(Root + "query/0000_c1s1_000401_03.jpg", UploadFiles.Bmp(32, 64, 1));

        Assert.Contains(Root + "query/0000_c1s1_000401_03.jpg", upload.Refusal(), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Examples(DatasetManifest manifest, string code) =>
        manifest.Diagnosis.Findings.Single(finding => finding.Code == code).Examples;
}
