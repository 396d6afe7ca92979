using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Frames in a sparse file that the system pages in and out. Behind the frames stands a checksum of each: what a crash left half written
/// does not match and is decoded again. Processes may share the file; they write the same bytes.
/// </summary>
internal sealed unsafe class MappedFrameCache : FrameCache
{
    private const uint Unwritten = 0;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _frames;
    private readonly uint* _checksums;
    private readonly bool[] _known;
    private readonly int _bytesPerFrame;
    private readonly FrameReader _read;

    public MappedFrameCache(int frames, int bytesPerFrame, string file, FrameReader read)
    {
        (_bytesPerFrame, _read, _known) = (bytesPerFrame, read, new bool[frames]);

        // Checksums are aligned: a frame may have any number of bytes.
        var checksums = (((long)frames * bytesPerFrame) + sizeof(uint) - 1) / sizeof(uint) * sizeof(uint);
        var length = checksums + ((long)frames * sizeof(uint));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length != length)
        {
            stream.SetLength(0);
            stream.SetLength(length);
        }

        _file = MemoryMappedFile.CreateFromFile(stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, length);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _frames = start + _view.PointerOffset;
        _checksums = (uint*)(_frames + checksums);
    }

    public override ReadOnlySpan<byte> Get(int frame)
    {
        var kept = new Span<byte>(_frames + ((long)frame * _bytesPerFrame), _bytesPerFrame);
        if (!Volatile.Read(ref _known[frame]))
        {
            // Where nothing was written yet, nothing is read either: the system would fetch pages only to have them overwritten.
            var checksum = Volatile.Read(ref _checksums[frame]);
            if (checksum == Unwritten || checksum != Checksum(kept))
            {
                Fill(frame, kept);
                Volatile.Write(ref _checksums[frame], Checksum(kept));
            }

            Volatile.Write(ref _known[frame], true);
        }

        return kept;
    }

    public override void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    /// <summary>By way of other memory: of two threads that decode a frame at once the later one must change nothing that the first has given away.</summary>
    private void Fill(int frame, Span<byte> kept)
    {
        var rented = ArrayPool<byte>.Shared.Rent(_bytesPerFrame);
        var frame_HWC = rented.AsSpan(0, _bytesPerFrame);
        _read(frame, frame_HWC);
        frame_HWC.CopyTo(kept);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>CRC-32C by the processor's own instruction, never <see cref="Unwritten"/>, which is what a new file holds.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return Math.Max(crc, 1);
    }
}
