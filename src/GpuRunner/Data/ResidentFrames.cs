using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// All frames that are trained on stay on the device as bytes, each from the first batch on that needs it: training starts while most are still unread, and later batches are but numbers.
/// </summary>
internal sealed class ResidentFrames : DeviceFrames
{
    private readonly FrameCache _cache;
    private readonly int[] _places;
    private readonly bool[] _isThere;
    private readonly Tensor _frames_MHWC;

    /// <param name="frames">Those that batches may ask for, by their index in the manifest.</param>
    public ResidentFrames(InputSpec input, FrameCache cache, IReadOnlyList<int> frames, Device device) : base(input, device)
    {
        _cache = cache;
        _places = new int[frames.Max() + 1];
        foreach (var (place, frame) in frames.Index())
        {
            _places[frame] = place;
        }

        _isThere = new bool[frames.Count];
        _frames_MHWC = empty([frames.Count, .. Frame_HWC], ScalarType.Byte, device).DetachFromDisposeScope();
    }

    /// <summary>Batches that are packed at the same time may both bring a frame: it is the same bytes.</summary>
    public override SentFrames Pack(PlannedBatch planned)
    {
        PlannedFrame[] missing = [.. planned.Frames_BV.Where(frame => !Volatile.Read(ref _isThere[_places[frame.Frame]])).DistinctBy(frame => frame.Frame)];
        return new SentFrames(
            missing.Length == 0 ? null : Gather(missing, _cache),
            Array.ConvertAll(missing, frame => (long)_places[frame.Frame]),
            tensor(Array.ConvertAll(planned.Frames_BV, frame => (long)_places[frame.Frame])));
    }

    public override (Tensor Frames_MHWC, Tensor Places_N) Receive(SentFrames sent)
    {
        if (sent.Bytes_MHWC is { } bytes_MHWC)
        {
            _frames_MHWC.index_copy_(0, Upload.To(Device, tensor(sent.NewPlaces_M)), Upload.To(Device, bytes_MHWC));
            foreach (var place in sent.NewPlaces_M)
            {
                Volatile.Write(ref _isThere[place], true);
            }
        }

        return (_frames_MHWC, Upload.To(Device, sent.Places_N));
    }

    public override void Dispose() => _frames_MHWC.Dispose();
}
