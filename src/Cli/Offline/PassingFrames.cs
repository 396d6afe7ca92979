using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Offline;

/// <summary>Frames that are looked at once: each is prepared when it is asked for and not kept.</summary>
internal sealed class PassingFrames(Func<int, byte[]> load) : FrameCache
{
    public override ReadOnlySpan<byte> Get(int frame) => load(frame);
}
