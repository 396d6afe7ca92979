using ReidCloud.Cli.Synth;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Training;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Jobs;

/// <summary>Data sets arranged as the published ones are trained on and measured by their protocols, from the archive to the report.</summary>
public sealed class PublishedProtocolTests : TorchTests
{
    private static readonly SynthSpec Small = new("mars", 5, 4, 4, 2, 2, 4, 24, 48, 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("reid-protocols-").FullName;

    [Fact]
    public void DukeMTMC_VideoReID_searches_for_images_and_videos_in_videos()
    {
        var settings = Run("duke-video-reid", new EvaluationSpec { Frames = 2 }).Settings;

        // Four people in two cameras are searched for among their other walks and one stranger.
        Assert.Equal(
            [(RetrievalSetting.ImageToVideo, 8, 8, 9), (RetrievalSetting.VideoToVideo, 8, 8, 9)],
            settings.Select(metrics => (metrics.Setting, metrics.Queries, metrics.QueriesWithMatch, metrics.Gallery)));
    }

    [Fact]
    public void VeRi_776_searches_in_all_ways_and_its_gallery_has_every_image()
    {
        var outcome = Run("veri-776", new EvaluationSpec
        {
            Frames = 2,
            GalleryImages = GalleryImages.EveryFrame,
            Settings = [RetrievalSetting.ImageToVideo, RetrievalSetting.VideoToVideo, RetrievalSetting.ImageToImage, RetrievalSetting.VideoToImage],
        });

        Assert.Equal([16, 16, 64, 64], outcome.Settings.Select(metrics => metrics.Gallery));
        Assert.All(outcome.Settings, metrics => Assert.Equal((8, 8), (metrics.Queries, metrics.QueriesWithMatch)));
        Assert.Empty(outcome.Warnings);
    }

    /// <summary>The pictures are portraits and the input is square: they come in letterboxes.</summary>
    [Fact]
    public void ATRW_searches_for_every_image_among_all_and_tells_its_groups_apart()
    {
        var metrics = Assert.Single(Run("atrw", new EvaluationSpec { Protocol = RetrievalProtocol.Atrw, Settings = [RetrievalSetting.ImageToImage] }).Settings);

        Assert.Equal((metrics.Queries, metrics.Queries), (metrics.Gallery, metrics.QueriesWithMatch));
        Assert.Equal(["single-camera", "cross-camera"], metrics.Groups.Select(group => group.Name));
        Assert.Equal(metrics.Queries, metrics.Groups.Sum(group => group.Queries));
        Assert.Equal(metrics.MapStandard, metrics.Groups.Sum(group => group.MapStandard * group.Queries) / metrics.Queries, 12);
        Assert.Equal(metrics.Groups.Average(group => group.MapStandard), metrics.MeanGroupMap!.Value, 12);
    }

    public override void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    private JobOutcome Run(string layout, EvaluationSpec evaluation)
    {
        using var zip = new MemoryStream();
        SynthDataset.Write(Small with { Layout = layout }, zip, cancellation: TestContext.Current.CancellationToken);
        var manifest = DatasetIngest.Run(
            "tiny", [new DatasetBlob("synth.zip", zip.Length, "etag")], _ => new MemoryStream(zip.ToArray()), null, null, TestContext.Current.CancellationToken);
        Assert.Equal(layout, manifest.Layout);
        var archives = new ArchiveCache(manifest, Path.Combine(_folder, "archives"), (_, file, token) => File.WriteAllBytesAsync(file, zip.ToArray(), token));
        var frames = new DatasetFrames(manifest, archives.Read, _folder, long.MaxValue);
        var spec = TinySpecs.Teacher with { Input = new InputSpec(32, 32) { Fit = ResizeFit.Letterbox }, Sampling = new SamplingSpec(4, 2), Epochs = 1, Evaluation = evaluation };
        using var context = new MemoryContext();
        return JobRegistry.Create(spec, frames, new Dictionary<CheckpointRef, Parent>(), context, TimeProvider.System, CPU).Run(null);
    }
}
