using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class ViperLayoutTests
{
    /// <summary>`numpy.random.seed(1)`, then `numpy.random.shuffle(numpy.arange(4))` again and again: 3 2 0 1, 0 2 1 3, 3 2 0 1.</summary>
    [Theory]
    [InlineData(null, "103 873")]
    [InlineData("split-1", "103 873")]
    [InlineData("split-2", "000 103")]
    [InlineData("split-3", "103 873")]
    public void Halves_are_drawn_as_torchreid_draws_them(string? variant, string trained)
    {
        var manifest = UploadFiles.Viper().Pack("VIPeR.v1.0.zip").Ingest(variant: variant);

        Assert.Equal("viper", manifest.Layout);
        Assert.Equal(trained, string.Join(' ', manifest.TrainingIdentities.Select(identity => manifest.Identities[identity])));
        Assert.Equal((new SplitCounts(2, 4, 4, 2, 0), new SplitCounts(2, 2, 2, 1, 0), new SplitCounts(2, 2, 2, 1, 0)), (manifest.Diagnosis.Train, manifest.Diagnosis.Query, manifest.Diagnosis.Gallery));
        Assert.All(manifest.Of(Split.Query), query => Assert.Contains("/cam_a/", manifest.Frames[query.FirstFrame].Name, StringComparison.Ordinal));
        Assert.All(manifest.Of(Split.Gallery), item => Assert.Contains("/cam_b/", manifest.Frames[item.FirstFrame].Name, StringComparison.Ordinal));
    }

    /// <summary>Of 632 persons NumPy's first split begins with 101, 575, 407 and ends in 72, 235, 37.</summary>
    [Fact]
    public void The_whole_set_has_316_persons_on_either_side()
    {
        var upload = new UploadFiles();
        for (var person = 0; person < 632; person++)
        {
            upload.With($"VIPeR/cam_a/{person:D3}_0.bmp", [1]).With($"VIPeR/cam_b/{person:D3}_90.bmp", [1]);
        }

        var (identities, _, tracklets) = new ViperLayout().Read(upload.Listing(), "split-1").Tables();
        var trained = tracklets.Where(tracklet => tracklet.Split == Split.Train).Select(tracklet => identities[tracklet.Identity]).Distinct().ToList();
        var queries = tracklets.Where(tracklet => tracklet.Split == Split.Query).Select(tracklet => identities[tracklet.Identity]).ToList();

        Assert.Equal((316, 316), (trained.Count, queries.Count));
        Assert.Equal(["101", "575", "407", "072", "235", "037"], [.. trained.Take(3), .. queries.TakeLast(3)]);
    }

    [Fact]
    public void Says_who_is_in_one_camera_only_or_twice()
    {
        Assert.Contains("one-camera-person", UploadFiles.Viper().Without("VIPeR/cam_b/103_90.bmp").Refusal(), StringComparison.Ordinal);
        Assert.Contains("person-twice", UploadFiles.Viper().With("VIPeR/cam_b/103_45.bmp", UploadFiles.Bmp(48, 128, 3)).Refusal(), StringComparison.Ordinal);
    }
}
