using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Data;

/// <summary>What a CUDA device does with tensors of its own, done with tensors of the CPU: the batches of the loader, bit for bit.</summary>
public sealed class DeviceBatchesTests : TorchTests
{
    private const long Much = 1 << 30;

    private static readonly TrainSpec Spec = new("tiny", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec(Views: 3))
    {
        Input = new InputSpec(24, 16) { Mean = new(0.31, 0.47, 0.52), Deviation = new(0.21, 0.19, 0.27) },
        Augmentation = new AugmentationSpec(Padding: 5, ErasingProbability: 0.7),
        Sampling = new SamplingSpec(Identities: 2, Tracklets: 2),
        Epochs = 4,
    };

    /// <summary>Four identities of two tracklets of five frames each, between others that nobody trains on.</summary>
    private static readonly DatasetManifest Manifest = TinyManifest.Of(
    [
        new Tracklet(Split.Query, 0, 0, 0, 5),
        .. Enumerable.Range(1, 8).Select(tracklet => new Tracklet(Split.Train, (tracklet - 1) / 2, tracklet % 2, tracklet * 5, 5)),
        new Tracklet(Split.Gallery, 0, 1, 45, 5),
    ]) with { Cameras = [new Camera("visible"), new Camera("infrared", Modality.Infrared)] };

    [Theory]
    [InlineData(0, 0.0, 0.0, Much)]
    [InlineData(0, 0.0, 0.5, 0)]
    [InlineData(5, 0.0, 0.5, Much)]
    [InlineData(5, 0.0, 0.0, 0)]
    [InlineData(40, 0.0, 0.5, Much)]
    [InlineData(5, 0.5, 1.0, Much)]
    public void Batches_are_those_of_the_loader_bit_for_bit(int padding, double cropped, double grey, long mostResident)
    {
        var spec = Spec with { Augmentation = Spec.Augmentation with { Padding = padding, GreyProbability = grey, CropProbability = cropped, CropRatio = cropped > 0 ? 0.5 : Spec.Augmentation.CropRatio } };
        using var loader = new BatchLoader(spec, Manifest, Frames(), Picture);
        using var device = new DeviceBatches(spec, Manifest, Frames(), Picture, CPU, mostResident);

        Assert.Equal(loader.StepsIn(0), device.StepsIn(0));
        foreach (var (epoch, step) in ((int, int)[])[(0, 0), (0, 1), (1, 0), (3, 1), (0, 1), (2, 0)])
        {
            using var expected = loader.Load(epoch, step);
            using var actual = device.Load(epoch, step);
            Assert.Equal(expected.Images_BVCHW.shape, actual.Images_BVCHW.shape);
            Assert.True(expected.Images_BVCHW.bytes.SequenceEqual(Rows(actual.Images_BVCHW)));
            Assert.Equal(expected.Labels_B.data<long>().ToArray(), actual.Labels_B.data<long>().ToArray());
            Assert.Equal(12, actual.Cameras_BV.Length);
            Assert.Equal(expected.Cameras_BV, actual.Cameras_BV);
            Assert.Equal(expected.Modalities_BV, actual.Modalities_BV);
        }
    }

    [Fact]
    public void A_frame_is_fetched_once_where_frames_stay_and_those_that_nobody_trains_on_never()
    {
        var fetched = new int[Manifest.Frames.Count];
        using var batches = new DeviceBatches(Spec, Manifest, new CountingFrames(fetched), Picture, CPU, Much);
        for (var epoch = 0; epoch < Spec.Epochs; epoch++)
        {
            for (var step = 0; step < batches.StepsIn(epoch); step++)
            {
                batches.Load(epoch, step).Dispose();
            }
        }

        // Three batches are in the making at a time, and each may bring what the others bring, too.
        Assert.All(fetched[5..45], times => Assert.InRange(times, 0, 3));
        Assert.Contains(fetched[5..45], times => times > 0);
        Assert.All(fetched[..5].Concat(fetched[45..]), times => Assert.Equal(0, times));
    }

    [Theory]
    [InlineData(0.0, 40 * 3 * 24 * 16, "batches are made on cpu of 40 frames that stay in its memory (1 MiB)")]
    [InlineData(0.0, (40 * 3 * 24 * 16) - 1, "batches are made on cpu of frames that travel with each batch: all 40 take 1 MiB, and ReidCloud__ResidentMiB gives 1 MiB")]
    [InlineData(0.5, Much, "batches are made on cpu of frames that travel with each batch, since parts are cut out of them")]
    public void It_says_how_batches_come_to_be(double cropped, long mostResident, string way)
    {
        var spec = Spec with { Augmentation = Spec.Augmentation with { CropProbability = cropped, CropRatio = 0.5 } };
        using var batches = new DeviceBatches(spec, Manifest, Frames(), Picture, CPU, mostResident);

        Assert.Equal(way, batches.Way);
    }

    [Fact]
    public void Images_have_their_channels_last_in_memory()
    {
        using var batches = new DeviceBatches(Spec, Manifest, Frames(), Picture, CPU, Much);
        using var batch = batches.Load(0, 0);

        Assert.Equal([3 * 1152, 1152, 1, 48, 3], batch.Images_BVCHW.stride());
    }

    [Fact]
    public void A_frame_that_cannot_be_read_is_told_as_it_is()
    {
        using var batches = new DeviceBatches(Spec, Manifest, new MemoryFrameCache(50, frame => throw new InvalidDataException($"frame {frame}")), Picture, CPU, Much);

        Assert.StartsWith("frame ", Assert.Throws<InvalidDataException>(() => batches.Load(0, 0)).Message, StringComparison.Ordinal);
    }

    private static byte[] Rows(Tensor images)
    {
        using var rows = images.contiguous();
        return rows.bytes.ToArray();
    }

    private static RgbImage Picture(int frame) => new(20, 30, Noise(frame, 20 * 30 * 3));

    private static MemoryFrameCache Frames() => new(Manifest.Frames.Count, frame => Noise(frame, 3 * 24 * 16));

    /// <summary>Every value that a byte can have.</summary>
    private static byte[] Noise(int frame, int length) => [.. Enumerable.Range(0, length).Select(at => (byte)((at * 97) + (frame * 31)))];

    /// <summary>Counts who is asked for.</summary>
    private sealed class CountingFrames(int[] fetched) : FrameCache
    {
        private readonly byte[] _frame = Noise(1, 3 * 24 * 16);

        public override ReadOnlySpan<byte> Get(int frame)
        {
            Interlocked.Increment(ref fetched[frame]);
            return _frame;
        }
    }
}
