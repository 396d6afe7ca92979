using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Every batch brings its frames as bytes: a quarter of what they are as float32.</summary>
internal sealed class TravelingFrames(InputSpec input, FrameCache cache, Device device) : DeviceFrames(input, device)
{
    public override SentFrames Pack(PlannedBatch planned) =>
        new(Gather(planned.Frames_BV, cache), [], arange(planned.Frames_BV.Length));

    public override (Tensor Frames_MHWC, Tensor Places_N) Receive(SentFrames sent) => (Upload.To(Device, sent.Bytes_MHWC!), Upload.To(Device, sent.Places_N));
}
