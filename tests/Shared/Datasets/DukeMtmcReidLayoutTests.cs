using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class DukeMtmcReidLayoutTests
{
    [Fact]
    public void Takes_identity_and_camera_from_the_file_name()
    {
        var manifest = UploadFiles.DukeMtmcReid().Pack("DukeMTMC-reID.zip").Ingest();

        Assert.Equal("dukemtmc-reid", manifest.Layout);
        Assert.Equal(["0001", "0005", "0007", "0033", "7015"], manifest.Identities);
        Assert.Equal(["1", "2", "5", "6", "8"], manifest.Cameras.Select(camera => camera.Name));
        Assert.Equal(new SplitCounts(2, 3, 3, 2, 0), manifest.Diagnosis.Train);
        Assert.Equal(new SplitCounts(2, 2, 2, 2, 0), manifest.Diagnosis.Query);
        Assert.All(manifest.Tracklets, tracklet => Assert.StartsWith(
            $"{manifest.Identities[tracklet.Identity]}_c{manifest.Cameras[tracklet.Camera].Name}_f", Path.GetFileName(manifest.Frames[tracklet.FirstFrame].Name), StringComparison.Ordinal));
    }

    /// <summary>The 408 of the gallery alone have numbers, and are nobody's query.</summary>
    [Fact]
    public void Who_is_in_the_gallery_only_is_an_ordinary_identity()
    {
        var manifest = UploadFiles.DukeMtmcReid().Ingest();

        Assert.Equal(new SplitCounts(3, 3, 3, 3, 0), manifest.Diagnosis.Gallery);
        Assert.DoesNotContain(manifest.Tracklets, tracklet => tracklet.IsDistractor);
    }

    [Fact]
    public void Names_of_both_kinds_are_two_data_sets()
    {
        var upload = UploadFiles.DukeMtmcReid();
        foreach (var (name, content) in UploadFiles.Market1501().Files)
        {
            upload.With(name["Market-1501-v15.09.15/".Length..], content);
        }

        Assert.Contains("layout-not-recognized", upload.Refusal("dukemtmc-reid"), StringComparison.Ordinal);
        Assert.Equal("market1501", upload.Ingest().Layout);
    }
}
