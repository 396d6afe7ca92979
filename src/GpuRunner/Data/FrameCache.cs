namespace ReidCloud.GpuRunner.Data;

/// <summary>Fills a frame's bytes, which are whatever was there before.</summary>
internal delegate void FrameReader(int frame, Span<byte> frame_HWC);

/// <summary>
/// The frames of a data set at the size of the network's input, as interleaved bytes: each is decoded and resized once, by whoever asks
/// first, and kept. So training starts while most frames are still unread. For any number of threads.
/// </summary>
internal abstract class FrameCache : IDisposable
{
    /// <summary>The frame's bytes. They stay where they are for the life of the cache.</summary>
    public abstract ReadOnlySpan<byte> Get(int frame);

    /// <summary>
    /// Keeps frames in memory while all of them take at most so many bytes, otherwise in a mapped file, which outlives the process: the
    /// next run with the same data set and input finds its frames decoded.
    /// </summary>
    public static FrameCache Create(int frames, int bytesPerFrame, long mostInMemory, string file, FrameReader read) =>
        (long)frames * bytesPerFrame <= mostInMemory
            ? new MemoryFrameCache(frames, frame =>
            {
                var kept = GC.AllocateUninitializedArray<byte>(bytesPerFrame);
                read(frame, kept);
                return kept;
            })
            : new MappedFrameCache(frames, bytesPerFrame, file, read);

    public virtual void Dispose()
    {
    }
}
