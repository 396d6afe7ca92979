namespace ReidCloud.GpuRunner.Data;

/// <summary>Frames on the heap. Two threads that ask for a new frame at once both decode it and get the same bytes.</summary>
internal sealed class MemoryFrameCache(int frames, Func<int, byte[]> load) : FrameCache
{
    private readonly byte[]?[] _frames = new byte[]?[frames];

    public override ReadOnlySpan<byte> Get(int frame)
    {
        var kept = Volatile.Read(ref _frames[frame]);
        if (kept is null)
        {
            kept = load(frame);
            Volatile.Write(ref _frames[frame], kept);
        }

        return kept;
    }
}
