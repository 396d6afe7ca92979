using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Where a device finds the frames of a batch: sent along with it, or kept there from the first batch on that needed them.</summary>
internal abstract class DeviceFrames(InputSpec input, Device device) : IDisposable
{
    protected Device Device => device;

    protected long[] Frame_HWC => [input.Height, input.Width, Normalization.Channels];

    /// <summary>What has to be sent for a batch. On any thread, any number of batches at a time. The caller disposes it.</summary>
    public abstract SentFrames Pack(PlannedBatch planned);

    /// <summary>The frames on the device, and which of them are the batch's; in an open dispose scope. Only on the thread that computes, batch after batch.</summary>
    public abstract (Tensor Frames_MHWC, Tensor Places_N) Receive(SentFrames sent);

    public virtual void Dispose()
    {
    }

    /// <summary>Frames in memory that a device reads without waiting.</summary>
    protected Tensor Gather(IReadOnlyList<PlannedFrame> frames, FrameCache cache)
    {
        using var scope = NewDisposeScope();
        var plain_MHWC = empty([frames.Count, .. Frame_HWC], ScalarType.Byte);
        var bytes_MHWC = device.type == DeviceType.CUDA ? plain_MHWC.pin_memory() : plain_MHWC;
        var length = (int)(bytes_MHWC.numel() / frames.Count);
        FrameTensor.InParallel(frames.Count, frame => frames[frame].Seen_HWC(cache).CopyTo(bytes_MHWC.bytes.Slice(frame * length, length)));
        return bytes_MHWC.DetachFromDisposeScope();
    }
}
