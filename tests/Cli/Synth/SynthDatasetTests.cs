using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;
using ReidCloud.Cli.Synth;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.Tests.Cli.Synth;

public sealed class SynthDatasetTests
{
    private static readonly SynthSpec Small = new("mars", 5, 6, 5, 3, 2, 4, 24, 48, 5);

    [Fact]
    public void The_same_spec_gives_the_same_bytes()
    {
        Assert.Equal(Hash(Small), Hash(Small));
        Assert.NotEqual(Hash(Small), Hash(Small with { Seed = 6 }));
        Assert.NotEqual(Hash(Small), Hash(Small with { Width = 32 }));
        using var archive = new ZipArchive(new MemoryStream(Write(Small)));
        Assert.All(archive.Entries, entry => Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime));
    }

    [Theory]
    [InlineData("mars")]
    [InlineData("market1501")]
    [InlineData("csv")]
    public void Ingest_finds_what_was_asked_for(string layout)
    {
        var manifest = Ingest(Small with { Layout = layout });

        var isMarket = layout == "market1501";
        Assert.Equal(layout, manifest.Layout);
        Assert.Equal(11, manifest.Identities.Count);
        Assert.Equal(3, manifest.Cameras.Count);
        Assert.Equal(new SplitCounts(6, isMarket ? 144 : 36, 144, 3, 0), manifest.Diagnosis.Train);
        Assert.Equal(new SplitCounts(5, 15, isMarket ? 15 : 60, 3, 0), manifest.Diagnosis.Query);
        Assert.Equal((isMarket ? 125 : 20, isMarket ? 125 : 80), (manifest.Diagnosis.Gallery.Tracklets, manifest.Diagnosis.Gallery.Frames));
        Assert.Equal(isMarket ? 20 : 5, manifest.Diagnosis.Gallery.Distractors);
        Assert.All(manifest.Diagnosis.Findings, finding => Assert.Equal("junk-dropped", finding.Code));
        Assert.Equal(144 + 60 + 80 + 8, Small.Frames);
    }

    [Fact]
    public void Of_DukeMTMC_VideoReID_an_identity_has_a_tracklet_per_camera()
    {
        var manifest = Ingest(Small with { Layout = "duke-video-reid" });

        Assert.Equal("duke-video-reid", manifest.Layout);
        Assert.Equal(new SplitCounts(6, 18, 144, 3, 0), manifest.Diagnosis.Train);
        Assert.Equal(new SplitCounts(5, 15, 60, 3, 0), manifest.Diagnosis.Query);
        Assert.Equal((10, 20, 80), (manifest.Diagnosis.Gallery.Identities, manifest.Diagnosis.Gallery.Tracklets, manifest.Diagnosis.Gallery.Frames));
        Assert.Equal(["few-tracklets"], manifest.Diagnosis.Findings.Select(finding => finding.Code));
    }

    [Fact]
    public void Of_DukeMTMC_reID_strangers_are_identities_too()
    {
        var manifest = Ingest(Small with { Layout = "dukemtmc-reid" });

        Assert.Equal("dukemtmc-reid", manifest.Layout);
        Assert.Equal((new SplitCounts(6, 144, 144, 3, 0), new SplitCounts(5, 15, 15, 3, 0), new SplitCounts(10, 125, 125, 3, 0)), (manifest.Diagnosis.Train, manifest.Diagnosis.Query, manifest.Diagnosis.Gallery));
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Severity != FindingSeverity.Note);
    }

    [Theory]
    [InlineData("train", 133)]
    [InlineData("train-and-val", 144)]
    public void Of_MSMT17_some_training_images_are_for_validation(string variant, int images)
    {
        var manifest = new UploadFiles().Blob("synth.zip", Write(Small with { Layout = "msmt17" })).Ingest(variant: variant);

        Assert.Equal(("msmt17", variant), (manifest.Layout, manifest.Variant));
        Assert.Equal((new SplitCounts(6, images, images, 3, 0), new SplitCounts(5, 15, 15, 3, 0), new SplitCounts(10, 125, 125, 3, 0)), (manifest.Diagnosis.Train, manifest.Diagnosis.Query, manifest.Diagnosis.Gallery));
        Assert.Equal(["msmt17-training-list"], manifest.Diagnosis.Findings.Select(finding => finding.Code));
    }

    [Theory]
    [InlineData("detected", 10, 40)]
    [InlineData("classic-detected-20", 50, 50)]
    public void Of_CUHK03_two_cameras_see_five_crops_of_everybody(string variant, int queries, int gallery)
    {
        var manifest = new UploadFiles().Blob("synth.zip", Write(Small with { Layout = "cuhk03" })).Ingest(variant: variant);

        Assert.Equal(("cuhk03", variant), (manifest.Layout, manifest.Variant));
        Assert.Equal((new SplitCounts(6, 60, 60, 2, 0), new SplitCounts(5, queries, queries, 2, 0), new SplitCounts(5, gallery, gallery, 2, 0)), (manifest.Diagnosis.Train, manifest.Diagnosis.Query, manifest.Diagnosis.Gallery));
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Severity != FindingSeverity.Note);
        Assert.Contains("at most 1467 with testIdentities", Assert.Throws<SpecException>(() => SynthDataset.Write(Small with { Layout = "cuhk03", TrainIdentities = 1463 }, Stream.Null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SYSU_MM01_two_of_six_cameras_see_infrared_light()
    {
        var spec = Small with { Layout = "sysu-mm01", Cameras = 6, TrackletsPerCamera = 1 };
        var zip = new UploadFiles().Blob("synth.zip", Write(spec));
        var (manifest, held) = (zip.Ingest(), zip.Ingest(variant: "train"));

        Assert.Equal("sysu-mm01", manifest.Layout);
        Assert.Equal((new SplitCounts(6, 144, 144, 6, 0) { Modality = SplitModality.Both }, new SplitCounts(5, 40, 40, 2, 0) { Modality = SplitModality.Infrared }, new SplitCounts(5, 80, 80, 4, 0)), (manifest.Diagnosis.Train, manifest.Diagnosis.Query, manifest.Diagnosis.Gallery));
        Assert.Equal((new SplitCounts(5, 120, 120, 6, 0) { Modality = SplitModality.Both }, new SplitCounts(1, 8, 8, 2, 0) { Modality = SplitModality.Infrared }, new SplitCounts(1, 16, 16, 4, 0)), (held.Diagnosis.Train, held.Diagnosis.Query, held.Diagnosis.Gallery));
        Assert.Empty(manifest.Diagnosis.Findings);
        Assert.Equal(10, manifest.GalleryDraws.Count);
        Assert.NotEqual(manifest.GalleryDraws[0], manifest.GalleryDraws[1]);
        Assert.Equal("must be 6, as many as sysu-mm01 has, was 4", Assert.Single(Assert.Throws<SpecException>(() => SynthDataset.Write(spec with { Cameras = 4 }, Stream.Null)).Errors).Message);
        foreach (var tracklet in manifest.Of(Split.Query).Concat(manifest.Of(Split.Gallery)).Where((_, place) => place % 10 == 0))
        {
            var picture = ImageDecoder.Decode(FrameBytes.Read(zip.Content("synth.zip").AsSpan((int)manifest.Frames[tracklet.FirstFrame].Offset), manifest.Frames[tracklet.FirstFrame]), "a");
            var isGrey = picture.Pixels.Chunk(3).All(pixel => pixel[0] == pixel[1] && pixel[1] == pixel[2]);
            Assert.Equal(manifest.Cameras[tracklet.Camera].Modality == Modality.Infrared, isGrey);
        }
    }

    [Fact]
    public void Of_RegDB_ten_divisions_are_there()
    {
        var spec = Small with { Layout = "regdb", Cameras = 2 };
        var zip = new UploadFiles().Blob("synth.zip", Write(spec));
        var splits = Enumerable.Range(1, 10).Select(split => zip.Ingest(variant: $"split-{split}")).ToList();

        Assert.All(splits, manifest => Assert.Equal(
            ("regdb", new SplitCounts(6, 96, 96, 2, 0) { Modality = SplitModality.Both }, new SplitCounts(5, 40, 40, 1, 0), new SplitCounts(5, 40, 40, 1, 0) { Modality = SplitModality.Infrared }),
            (manifest.Layout, manifest.Diagnosis.Train, manifest.Diagnosis.Query, manifest.Diagnosis.Gallery)));
        Assert.All(splits, manifest => Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Severity != FindingSeverity.Note));
        Assert.True(splits.Select(manifest => manifest.Hash).Distinct().Count() > 5);
        Assert.Equal(["must be from 1 to 206, was 207"], Assert.Throws<SpecException>(() => SynthDataset.Write(spec with { TestIdentities = 207 }, Stream.Null)).Errors.Select(error => error.Message));
    }

    [Fact]
    public void Of_VeRi_776_query_images_are_in_the_gallery_too()
    {
        var manifest = Ingest(Small with { Layout = "veri-776" });

        Assert.Equal("veri-776", manifest.Layout);
        Assert.Equal(new SplitCounts(6, 18, 144, 3, 0), manifest.Diagnosis.Train);
        Assert.Equal(new SplitCounts(5, 15, 15, 3, 0), manifest.Diagnosis.QueryImage);
        Assert.Equal(new SplitCounts(5, 15, 60, 3, 0), manifest.Diagnosis.Query);
        Assert.Equal(new SplitCounts(5, 30, 120, 3, 0), manifest.Diagnosis.Gallery);
        Assert.Equal(144 + 120 + 15, manifest.Frames.Count);
        Assert.Equal(["few-tracklets"], manifest.Diagnosis.Findings.Select(finding => finding.Code));
    }

    [Fact]
    public void Of_ATRW_entities_are_seen_by_one_camera_or_by_all()
    {
        var spec = Small with { Layout = "atrw" };
        var manifest = Ingest(spec);

        var tested = manifest.Of(Split.Query).Select(query => manifest.Identities[query.Identity]).Distinct().Select(int.Parse).ToList();
        var images = tested.Sum(entity => entity % 2 == 1 ? 8 : 24);
        Assert.Equal(("atrw", true, 5), (manifest.Layout, manifest.HasTimes, tested.Count));
        Assert.Contains(tested, entity => entity % 2 == 1);
        Assert.Contains(tested, entity => entity % 2 == 0);
        Assert.Equal(new SplitCounts(6, 144, 144, 1, 0), manifest.Diagnosis.Train);
        Assert.Equal(new SplitCounts(5, images, images, 3, 0), manifest.Diagnosis.Query);
        Assert.Equal(manifest.Diagnosis.Query, manifest.Diagnosis.Gallery);
        Assert.Equal([("unlabelled-crops", 8)], manifest.Diagnosis.Findings.Select(finding => (finding.Code, finding.Count)));
        Assert.Equal(144 + 8 + images, spec.Frames);
    }

    [Fact]
    public void One_tracklet_per_camera_leaves_a_gallery_to_search()
    {
        var manifest = Ingest(Small with { TrackletsPerCamera = 1 });

        Assert.Equal((5, 15), (manifest.Diagnosis.Query.Tracklets, manifest.Diagnosis.Gallery.Tracklets));
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Severity != FindingSeverity.Note);
    }

    [Fact]
    public void Misplaced_boxes_show_people_higher_and_lower()
    {
        var plan = new SynthPlan(Small).Tracklets.Where(tracklet => tracklet.Number > 0).Take(20).ToList();
        Assert.All(plan, tracklet => Assert.NotEqual(Drawn(Small, tracklet), Drawn(Small with { Misplacement = 0.3 }, tracklet)));
        Assert.Equal(Drawn(Small, plan[0]), Drawn(Small with { Misplacement = 0 }, plan[0]));
        Assert.Equal(Names(Small), Names(Small with { Misplacement = 0.3 }));

        static Rgb24[] Drawn(SynthSpec spec, PlannedTracklet tracklet)
        {
            var renderer = new SynthRenderer(spec);
            return renderer.Draw(renderer.Begin(tracklet), 0);
        }

        static IEnumerable<string> Names(SynthSpec spec)
        {
            using var archive = new ZipArchive(new MemoryStream(Write(spec)));
            return [.. archive.Entries.Select(entry => entry.FullName)];
        }
    }

    [Fact]
    public void Cameras_may_differ_strongly_in_color_and_blur()
    {
        var wide = Small with { CameraGap = 1 };
        Assert.Equal(Hash(Small), Hash(Small with { CameraGap = 0 }));
        Assert.NotEqual(Hash(Small), Hash(wide));
        Assert.True(Spread(wide, Color) > 3 * Spread(Small, Color));
        Assert.All(Edges(0), edge => Assert.True(edge > 0.9));
        Assert.True(Edges(1).Max() > 0.9);
        Assert.True(Edges(1).Min() < 0.75);
        Assert.Equal("must be from 0 to 1, was 1.5", Assert.Single(Assert.Throws<SpecException>(() => SynthDataset.Write(Small with { CameraGap = 1.5 }, Stream.Null)).Errors).Message);

        // Of the largest and the smallest mean over what a camera saw.
        static double Spread(SynthSpec spec, Func<Rgb24[], double> measure)
        {
            var renderer = new SynthRenderer(spec);
            double[] cameras = [.. new SynthPlan(spec).Tracklets.GroupBy(tracklet => tracklet.Camera).Select(seen => seen.Average(tracklet => measure(renderer.Draw(renderer.Begin(tracklet), 0))))];
            return cameras.Max() / cameras.Min() - 1;
        }

        static double Color(Rgb24[] pixels) => pixels.Average(pixel => pixel.R) / pixels.Average(pixel => pixel.B);

        // Of each camera, how much of an edge four pixels show: all where it is sharp.
        static double[] Edges(double gap) => [.. Enumerable.Range(0, 3).Select(camera =>
        {
            var canvas = new Canvas(24, 48);
            foreach (var (i, _) in canvas.Pixels.Index())
            {
                canvas.Pixels[i] = new Vector3(i % 24 < 12 ? 0.1f : 0.5f);
            }

            new SynthCamera(5, camera, 3, gap).Expose(canvas, 1, Seeding.Stream(1, "test"));
            double Column(int column) => Enumerable.Range(0, 48).Average(row => canvas.Pixels[(row * 24) + column].Y);
            return (Column(13) - Column(10)) / (Column(21) - Column(2));
        })];
    }

    [Fact]
    public void Refuses_what_cannot_be_made()
    {
        Assert.Equal("must be from 0 to 0.5, was 0.6", Assert.Single(Assert.Throws<SpecException>(() => SynthDataset.Write(Small with { Misplacement = 0.6 }, Stream.Null)).Errors).Message);

        var exception = Assert.Throws<SpecException>(() => SynthDataset.Write(new SynthSpec("duke", 1, 0, 5, 10, Width: 8), Stream.Null));

        Assert.Equal(["layout", "trainIdentities", "cameras", "width"], exception.Errors.Select(error => error.Path));
        Assert.Equal("must be one of mars, duke-video-reid, veri-776, atrw, dukemtmc-reid, cuhk03, msmt17, sysu-mm01, regdb, market1501, csv, was 'duke'", exception.Errors[0].Message);
    }

    [Fact]
    public void Tells_how_far_it_is()
    {
        var progress = new Steps();

        SynthDataset.Write(Small with { FramesPerTracklet = 20 }, Stream.Null, progress);

        Assert.True(progress.Count > 1);
        Assert.Equal(progress.Order(), progress);
        Assert.Equal(1.0, progress[^1]);
    }

    private static byte[] Write(SynthSpec spec)
    {
        using var zip = new MemoryStream();
        SynthDataset.Write(spec, zip, cancellation: TestContext.Current.CancellationToken);
        return zip.ToArray();
    }

    private static string Hash(SynthSpec spec) => Convert.ToHexString(SHA256.HashData(Write(spec)));

    private static DatasetManifest Ingest(SynthSpec spec) => new UploadFiles().Blob("synth.zip", Write(spec)).Ingest();

    private sealed class Steps : List<double>, IProgress<double>
    {
        public void Report(double value) => Add(value);
    }
}
