using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class Market1501LayoutTests
{
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
    public void Reads_DukeMTMC_reID_too()
    {
        var upload = new UploadFiles()
            .With("DukeMTMC-reID/bounding_box_train/0001_c2_f0046182.jpg", UploadFiles.Bmp(40, 90, 1))
            .With("DukeMTMC-reID/query/0005_c2_f0046985.jpg", UploadFiles.Bmp(40, 90, 2))
            .With("DukeMTMC-reID/bounding_box_test/0005_c8_f0084804.jpg", UploadFiles.Bmp(40, 90, 3));

        var manifest = upload.Ingest();

        Assert.Equal(["0001", "0005"], manifest.Identities);
        Assert.Equal(["2", "8"], manifest.Cameras.Select(camera => camera.Name));
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
