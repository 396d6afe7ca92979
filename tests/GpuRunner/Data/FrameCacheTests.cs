using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class FrameCacheTests : IDisposable
{
    private const int Frames = 40;
    private const int BytesPerFrame = 13;
    private readonly string _folder = Directory.CreateTempSubdirectory("reid-frames-").FullName;
    private readonly int[] _loads = new int[Frames];

    private string File => Path.Combine(_folder, "new", "frames");

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public void A_frame_is_decoded_once_and_kept(long mostInMemory)
    {
        using var cache = FrameCache.Create(Frames, BytesPerFrame, mostInMemory, File, Read);
        for (var round = 0; round < 2; round++)
        {
            for (var frame = 0; frame < Frames; frame++)
            {
                Assert.Equal(Expected(frame), cache.Get(frame).ToArray());
            }
        }

        Assert.All(_loads, loads => Assert.Equal(1, loads));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public void Many_threads_get_the_same_bytes(long mostInMemory)
    {
        using var cache = FrameCache.Create(Frames, BytesPerFrame, mostInMemory, File, Read);

        Parallel.For(0, 2000, i => Assert.Equal(Expected(i % Frames), cache.Get(i % Frames).ToArray()));
    }

    [Fact]
    public void A_mapped_file_outlives_the_process_and_half_written_frames_are_decoded_again()
    {
        using (var first = new MappedFrameCache(Frames, BytesPerFrame, File, Read))
        {
            first.Get(3);
            first.Get(4);
        }

        using (var file = System.IO.File.OpenWrite(File))
        {
            file.Position = (4 * BytesPerFrame) + 5;
            file.WriteByte(99);
        }

        using var second = new MappedFrameCache(Frames, BytesPerFrame, File, Read);
        Assert.Equal(Expected(3), second.Get(3).ToArray());
        Assert.Equal(Expected(4), second.Get(4).ToArray());
        Assert.Equal(Expected(0), second.Get(0).ToArray());
        Assert.Equal((1, 2, 1), (_loads[3], _loads[4], _loads[0]));
    }

    [Fact]
    public void A_file_of_another_size_is_begun_anew()
    {
        using (var first = new MappedFrameCache(Frames, BytesPerFrame, File, Read))
        {
            first.Get(0);
        }

        using var second = new MappedFrameCache(Frames, BytesPerFrame + 1, File, (frame, bytes) => ((byte[])[.. Expected(frame), 7]).CopyTo(bytes));
        Assert.Equal([.. Expected(0), 7], second.Get(0).ToArray());
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public void A_frame_that_cannot_be_loaded_is_asked_for_again(long mostInMemory)
    {
        var healthy = false;
        using var cache = FrameCache.Create(
            Frames, BytesPerFrame, mostInMemory, File, (frame, bytes) => Read(healthy ? frame : throw new InvalidDataException("frame 7"), bytes));

        Assert.Throws<InvalidDataException>(() => cache.Get(7).ToArray());
        healthy = true;
        Assert.Equal(Expected(7), cache.Get(7).ToArray());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Read(int frame, Span<byte> bytes)
    {
        Interlocked.Increment(ref _loads[frame]);
        Expected(frame).CopyTo(bytes);
    }

    private static byte[] Expected(int frame) => [.. Enumerable.Range(0, BytesPerFrame).Select(i => (byte)((frame * 31) + i))];
}
