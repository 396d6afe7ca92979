using System.Diagnostics;
using System.Reflection;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Data;
using SixLabors.ImageSharp;

namespace ReidCloud.Benchmarks;

/// <summary>
/// JPEGs made into pixels, and into frames at the size of a network's input, on all cores, beside libjpeg-turbo that decodes the same bytes on as many; and how
/// soon a set of 500,000 frames, none of which is decoded, gives its first batch.
/// </summary>
internal static class DecodingBenchmark
{
    private const int Files = 64;
    private const double LeastRate = 0.8;
    private const string Resizes = "its own work besides: resizing by Pillow's weights of 22 bits, exactly";

    private static readonly InputSpec Person = new(256, 128);
    private static readonly InputSpec Vehicle = new(224, 224);

    private static readonly (string Frames, int Width, int Height, InputSpec Input)[] Sizes =
        [("64 x 128 as in Market-1501", 64, 128, Person), ("128 x 256 as in MARS", 128, 256, Person), ("320 x 280 as in VeRi-776", 320, 280, Vehicle)];

    [ThreadStatic]
    private static byte[]? _frame;

    public static IEnumerable<Figure> Take(Extent extent)
    {
        foreach (var size in Sizes)
        {
            var jpegs = Photographs.Jpegs(Files, size.Width, size.Height);
            yield return Rate(extent, $"JPEGs of {size.Frames}, decoded and checked", jpegs, size, jpeg => ImageDecoder.Borrow(jpeg, "frame").Dispose()) with
            {
                AtLeast = LeastRate,
                BoundBy = DecodesNatively() ? null : "the package SixLabors.ImageSharp decodes in managed code; its substitute here has libjpeg-turbo do it",
            };
            yield return Rate(extent, $"JPEGs of {size.Frames}, decoded and resized to {size.Input.Height} x {size.Input.Width} (bicubic)", jpegs, size, jpeg => Frame(jpeg, size.Input)) with { BoundBy = Resizes };
        }

        yield return FirstBatch(extent);
    }

    private static Figure Rate(Extent extent, string what, byte[][] jpegs, (string Frames, int Width, int Height, InputSpec Input) size, Action<byte[]> ours)
    {
        const string Against = "libjpeg-turbo decodes the same bytes (tjDecompress2)";
        var turns = extent == Extent.Whole ? 21 : 5;
        var count = extent == Extent.Whole ? 40_000_000 / (size.Width * size.Height) : 8_000_000 / (size.Width * size.Height);
        double Seconds(Action<byte[]> decode) => Turns.Time(() => Parallel.For(0, count, at => decode(jpegs[at % Files])));
        if (LibjpegTurbo.Missing is { } missing)
        {
            Seconds(ours);
            return Figure.Without(what, Against, missing, count / Seconds(ours), "images/s");
        }

        var seconds = Turns.Seconds(what, () => Seconds(ours), Against, () => Seconds(jpeg => LibjpegTurbo.Decode(jpeg, size.Width, size.Height)), turns, warmup: 2);
        return new Figure(what, count / seconds.Ours, Against, count / seconds.Theirs, "images/s") { Ratio = 1 / seconds.Ratio };
    }

    private static bool DecodesNatively() =>
        typeof(Image).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(entry => entry.Key == "ReidCloud.Standin");

    private static byte[] Frame(byte[] jpeg, InputSpec input)
    {
        _frame = _frame?.Length == input.Height * input.Width * 3 ? _frame : new byte[input.Height * input.Width * 3];
        FrameLoader.Prepare(jpeg, "frame", input, _frame);
        return _frame;
    }

    /// <summary>Batches of 8 identities x 4 tracklets x 2 views.</summary>
    private static Figure FirstBatch(Extent extent)
    {
        const int Tracklets = 2_500;
        const int Each = 200;
        var jpegs = Photographs.Jpegs(Files, 128, 256);
        var manifest = TinyManifest.Of([.. Enumerable.Range(0, Tracklets).Select(tracklet => new Tracklet(Split.Train, tracklet / 4, tracklet % 4, tracklet * Each, Each))]);
        var spec = new TrainSpec("benchmark", new ModelSpec(BackboneName.ResNet50), new SupervisedSpec(Views: 2)) { Input = Person, Epochs = 1 };
        var folder = Directory.CreateTempSubdirectory("reid-benchmark-");
        try
        {
            var turn = 0;
            return Turns.Seconds(
                "a set of 500,000 frames, from opening it to its first batch (64 frames)",
                () =>
                {
                    // Until the batch is there: closing the file, which waits for the disk, is not part of it.
                    var begun = Stopwatch.GetTimestamp();
                    using var frames = FrameCache.Create(manifest.Frames.Count, Person.Height * Person.Width * 3, 0, Path.Combine(folder.FullName, $"{turn++}"), Read);
                    using var batches = new BatchLoader(spec, manifest, frames, Whole);
                    batches.Load(0, 0).Dispose();
                    return Stopwatch.GetElapsedTime(begun).TotalSeconds;
                },
                "the same batch, decoded and augmented alone",
                () => Turns.Time(() =>
                {
                    var planned = new BatchPlanner(spec, manifest, Whole).Plan(0, 0);
                    var augmentations = new Augmentations(spec.Input, spec.Augmentation);
                    FrameTensor.Compose(planned.Sets, planned.Views, spec.Input, (set, view, frame_CHW) =>
                    {
                        var frame = planned.Frames_BV[(set * planned.Views) + view];
                        augmentations.Apply(frame.Augmentation, Frame(jpegs[frame.Frame % Files], Person), frame_CHW);
                    }).Dispose();
                }),
                turns: extent == Extent.Whole ? 15 : 3) with
            { BoundBy = "the two batches after it, which are decoded at the same time" };
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Read(int frame, Span<byte> frame_HWC) => FrameLoader.Prepare(jpegs[frame % Files], "frame", Person, frame_HWC);

        static RgbImage Whole(int frame) => throw new InvalidOperationException("nothing is cut out");
    }
}
