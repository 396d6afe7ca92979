using System.Text.Json;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Training;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Jobs;

/// <summary>Networks here are as drawn at random: what they find is nonsense, but drawn like sense.</summary>
public sealed class ExplainJobTests : TorchTests
{
    private const int GalleryTracklets = 13;

    private static readonly byte[] Zip = TinyDataset.Zip();
    private static readonly CheckpointRef One = new("00000000000000000001");
    private static readonly CheckpointRef Other = new("00000000000000000002");
    private static readonly InputSpec Input = new(32, 32);

    private readonly string _folder = Directory.CreateTempSubdirectory("reid-explain-").FullName;

    [Theory]
    [InlineData(BackboneName.ResNet18)]
    [InlineData(BackboneName.ResNet50Bam)]
    [InlineData(BackboneName.DenseNet121)]
    [InlineData(BackboneName.MobileNet)]
    public void Every_family_is_explained_picture_by_picture(BackboneName backbone)
    {
        var (outcome, context) = Do(new ExplainSpec("tiny", One) { Images = 3 }, Network(One, backbone, Input));

        Assert.Equal(
            [
                "original-0000.png", "checkpoint-0000.png", "original-0001.png", "checkpoint-0001.png", "original-0002.png", "checkpoint-0002.png",
                "sheet.png", "images.json",
            ],
            context.Files.Keys);
        Assert.All(context.Files.Where(file => file.Key.Contains("-000", StringComparison.Ordinal)), file => Assert.Equal((32, 32), Size(file.Value)));
        Assert.NotEqual(context.Files["original-0000.png"], context.Files["checkpoint-0000.png"]);
        Assert.DoesNotContain(outcome.Warnings, warning => warning.Contains("empty", StringComparison.Ordinal));
        Assert.Equal("a data set of another name's hash", outcome.TrainedOnDatasetHash);
        Assert.Equal("3 of 3 images are explained", Assert.Single(context.Events, happened => happened.Kind == RunEventKind.Evaluation).Message);
    }

    [Fact]
    public void Two_networks_that_see_other_sizes_and_fits_are_shown_on_what_the_first_sees()
    {
        var boxed = new InputSpec(48, 40) { Fit = ResizeFit.Letterbox };

        var (outcome, context) = Do(
            new ExplainSpec("tiny", One) { Against = Other, Images = 2 }, Network(One, BackboneName.ResNet18, Input), Network(Other, BackboneName.MobileNet, boxed));

        Assert.Equal(
            [
                "original-0000.png", "checkpoint-0000.png", "against-0000.png", "both-0000.png",
                "original-0001.png", "checkpoint-0001.png", "against-0001.png", "both-0001.png", "sheet.png", "images.json",
            ],
            context.Files.Keys);
        Assert.Equal((32, 32), Size(context.Files["against-0001.png"]));
        Assert.Equal((64, 32), Size(context.Files["both-0001.png"]));
        Assert.Equal(["checkpoint", "against"], outcome.Parents.Select(parent => parent.Role));
    }

    [Fact]
    public void A_network_beside_itself_is_drawn_alike()
    {
        var network = Network(One, BackboneName.ResNet18, Input);

        var (_, context) = Do(new ExplainSpec("tiny", One) { Against = One, Images = 1 }, network);

        var own = Pixels(context, "checkpoint-0000.png");
        Assert.Equal(own, Pixels(context, "against-0000.png"));
        Assert.Equal(own, Half(Pixels(context, "both-0000.png"), 0));
        Assert.Equal(own, Half(Pixels(context, "both-0000.png"), 1));
    }

    /// <summary>The second network's maps are 0 everywhere, so the first's, all of it above 0, no longer begins at the lowest color.</summary>
    [Fact]
    public void Side_by_side_the_maps_are_scaled_jointly()
    {
        var (outcome, context) = Do(
            new ExplainSpec("tiny", One) { Against = Other, Images = 2 },
            Network(One, BackboneName.ResNet18, Input),
            Network(Other, BackboneName.ResNet18, Input, (name, value) => name == SingleViewModel.ClassifierEntry ? value.zero_() : value));

        var both = Pixels(context, "both-0000.png");
        Assert.Equal(Pixels(context, "against-0000.png"), Half(both, 1));
        Assert.NotEqual(Pixels(context, "checkpoint-0000.png"), Half(both, 0));
        Assert.NotEqual(Half(both, 1), Half(both, 0));
        Assert.StartsWith("all 2 maps of 'against' are empty", Assert.Single(outcome.Warnings, warning => warning.Contains("empty", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_spec_can_give_both_networks_one_input()
    {
        var (_, context) = Do(
            new ExplainSpec("tiny", One) { Input = new InputSpec(64, 32), Images = 1 }, Network(One, BackboneName.ResNet18, Input));

        Assert.Equal((32, 64), Size(context.Files["original-0000.png"]));
    }

    [Fact]
    public void Images_are_taken_evenly_and_by_the_seed_alone()
    {
        var network = Network(One, BackboneName.ResNet18, Input);
        ExplainSpec spec = new("tiny", One) { Images = 6 };

        var first = Do(spec, network).Context;
        var second = Do(spec, network).Context;
        var other = Do(spec with { Seed = 2 }, network).Context;

        Assert.Equal(first.Files["images.json"], second.Files["images.json"]);
        Assert.Equal(first.Files["sheet.png"], second.Files["sheet.png"]);
        Assert.NotEqual(first.Files["images.json"], other.Files["images.json"]);
        using var images = JsonDocument.Parse(first.Files["images.json"]);
        var manifest = TinyDataset.Manifest(Zip);
        var places = images.RootElement.EnumerateArray().Select(image => manifest.Of(Split.Gallery).Index()
            .Single(tracklet => manifest.Frames[tracklet.Item.FirstFrame].Name == image.GetProperty("frame").GetString()).Index).ToList();
        Assert.Equal(6, places.Count);
        Assert.All(places.Index(), place => Assert.InRange(place.Item, place.Index * GalleryTracklets / 6, ((place.Index + 1) * GalleryTracklets / 6) - 1));
        Assert.Equal("c1", images.RootElement[0].GetProperty("camera").GetString());
        Assert.Matches("^[0-9]{4}$", images.RootElement[0].GetProperty("identity").GetString());
    }

    [Fact]
    public void A_gallery_with_fewer_images_is_explained_whole_and_says_so()
    {
        var (outcome, context) = Do(new ExplainSpec("tiny", One), Network(One, BackboneName.ResNet18, Input));

        Assert.Contains("the gallery of data set 'tiny' has 13 images, fewer than the 16 asked for: all are explained", outcome.Warnings);
        Assert.Equal(GalleryTracklets, context.Files.Keys.Count(name => name.StartsWith("original-", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_data_set_without_a_gallery_is_refused()
    {
        var manifest = TinyDataset.Manifest(Zip);
        manifest = manifest with { Tracklets = [.. manifest.Of(Split.Train)] };

        var fault = Assert.Throws<SpecException>(() => Do(new ExplainSpec("tiny", One), manifest, new MemoryContext(), Network(One, BackboneName.ResNet18, Input)));

        Assert.Contains("has no gallery", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_weights_are_told_and_not_drawn()
    {
        using var context = new MemoryContext();
        var broken = Network(One, BackboneName.ResNet18, Input, (name, value) => name == SingleViewModel.ClassifierEntry ? value.fill_(double.NaN) : value);

        var fault = Assert.Throws<BrokenModelException>(() => Do(new ExplainSpec("tiny", One), TinyDataset.Manifest(Zip), context, broken));

        Assert.StartsWith($"{One}: the model's maps are not all finite numbers", fault.Message, StringComparison.Ordinal);
        Assert.Empty(context.Files);
    }

    [Fact]
    public void A_run_that_is_asked_to_stop_stops()
    {
        using var context = new MemoryContext();
        context.AskToStop();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            Do(new ExplainSpec("tiny", One), TinyDataset.Manifest(Zip), context, Network(One, BackboneName.ResNet18, Input)));
    }

    public override void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    private static (int Width, int Height) Size(byte[] png) => ImageDecoder.Decode(png, "picture") is var image ? (image.Width, image.Height) : default;

    private static byte[] Pixels(MemoryContext context, string name) => ImageDecoder.Decode(context.Files[name], name).Pixels;

    /// <summary>Rows of a pair are a row of the left picture, then one of the right.</summary>
    private static byte[] Half(byte[] pair, int half) => [.. pair.Chunk(3 * Input.Width).Where((_, row) => row % 2 == half).SelectMany(row => row)];

    /// <summary>A network as a run on another data set left it.</summary>
    private Parent Network(CheckpointRef name, BackboneName backbone, InputSpec input, Func<string, Tensor, Tensor>? change = null)
    {
        string[] identities = ["a", "b", "c", "d", "e"];
        var spec = TinySpecs.Teacher with { Dataset = "elsewhere", Model = new ModelSpec(backbone), Input = input };
        using var model = ReidModel.Of(spec.Model, identities.Length);
        WeightInit.Draw(model, 1, "test");
        using (no_grad())
        {
            foreach (var (entry, value) in model.State())
            {
                change?.Invoke(entry, value);
            }
        }

        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}");
        using var to = File.Create(file);
        Checkpoint.Write(to, new CheckpointHead(spec, "a data set of another name's hash", identities, "model", 1, 0), [.. Checkpoint.Entries("model", model)]);
        return new Parent(name, "content", file);
    }

    private (JobOutcome Outcome, MemoryContext Context) Do(ExplainSpec spec, params Parent[] networks)
    {
        using var context = new MemoryContext();
        return (Do(spec, TinyDataset.Manifest(Zip), context, networks), context);
    }

    private JobOutcome Do(ExplainSpec spec, DatasetManifest manifest, MemoryContext context, params Parent[] networks)
    {
        var archives = new ArchiveCache(manifest, Path.Combine(_folder, "archives"), (_, file, token) => File.WriteAllBytesAsync(file, Zip, token));
        var frames = new DatasetFrames(manifest, archives.Read, _folder, long.MaxValue);
        return JobRegistry.Create(spec, frames, networks.ToDictionary(network => network.Checkpoint), context, TimeProvider.System, CPU).Run(null);
    }
}
