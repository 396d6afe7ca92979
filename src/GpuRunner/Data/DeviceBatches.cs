using ReidCloud.Datasets;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// The batches of <see cref="BatchLoader"/>, bit for bit, made on the device that trains: bytes and a few numbers travel there, ahead of time and without anybody waiting, and the device pads, crops,
/// mirrors, normalises and erases.
/// </summary>
internal sealed class DeviceBatches : BatchSource
{
    private readonly BatchPlanner _planner;
    private readonly DeviceAugmentations _augmentations;
    private readonly DeviceFrames _frames;
    private readonly Device _device;
    private readonly ReadAhead<SentBatch> _ahead;

    /// <param name="pictures">Frames as the data set has them.</param>
    /// <param name="mostResident">So many bytes of the device's memory may be filled with the data set's frames.</param>
    public DeviceBatches(TrainSpec spec, DatasetManifest manifest, FrameCache frames, Func<int, RgbImage> pictures, Device device, long mostResident)
    {
        _device = device;
        _planner = new BatchPlanner(spec, manifest, pictures);
        _augmentations = new DeviceAugmentations(spec.Input, spec.Augmentation, device);
        int[] trained = [.. new TrainingSplit(manifest).Tracklets.SelectMany(tracklets => tracklets).SelectMany(tracklet => Enumerable.Range(tracklet.FirstFrame, tracklet.FrameCount)).Distinct()];
        var bytes = (long)trained.Length * Normalization.Channels * spec.Input.Height * spec.Input.Width;
        var isResident = spec.Augmentation.CropProbability == 0 && bytes <= mostResident;
        _frames = isResident ? new ResidentFrames(spec.Input, frames, trained, device) : new TravelingFrames(spec.Input, frames, device);
        Way = isResident
            ? $"batches are made on {device} of {trained.Length} frames that stay in its memory ({Mebibytes(bytes)})"
            : spec.Augmentation.CropProbability > 0
                ? $"batches are made on {device} of frames that travel with each batch, since parts are cut out of them"
                : $"batches are made on {device} of frames that travel with each batch: all {trained.Length} take {Mebibytes(bytes)}, and {ReidCloudOptions.Section}__{nameof(ReidCloudOptions.ResidentMiB)} gives {Mebibytes(mostResident)}";
        _ahead = new ReadAhead<SentBatch>(spec.Epochs, _planner.StepsIn, Pack);
    }

    /// <summary>How batches come to be, in words.</summary>
    public string Way { get; }

    public override int StepsIn(int epoch) => _planner.StepsIn(epoch);

    public override Batch Load(int epoch, int step)
    {
        using var scope = NewDisposeScope();
        using var sent = _ahead.Take(epoch, step);
        var (frames_MHWC, places_N) = _frames.Receive(sent.Frames);
        var images_NCHW = _augmentations.Apply(frames_MHWC, places_N, Upload.To(_device, sent.Drawn_NP));
        return new Batch(images_NCHW.unflatten(0, sent.Sets, -1).DetachFromDisposeScope(), Upload.To(_device, sent.Labels_B).DetachFromDisposeScope())
        {
            Cameras_BV = sent.Cameras_BV,
            Modalities_BV = sent.Modalities_BV,
            Remaining = sent.Remaining,
        };
    }

    public override void Dispose()
    {
        _ahead.Dispose();
        _frames.Dispose();
        _augmentations.Dispose();
    }

    private SentBatch Pack(int epoch, int step)
    {
        var planned = _planner.Plan(epoch, step);
        return new SentBatch(planned.Sets, _frames.Pack(planned), _augmentations.Numbers(Array.ConvertAll(planned.Frames_BV, frame => frame.Augmentation)), tensor(planned.Labels_B))
        {
            Cameras_BV = planned.Cameras_BV,
            Modalities_BV = planned.Modalities_BV,
            Remaining = planned.Remaining,
        };
    }

    private static string Mebibytes(long bytes) => $"{(bytes + (1 << 20) - 1) >> 20} MiB";
}
