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

    private readonly FileStream _stream;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _frames;
    private readonly uint* _checksums;
    private readonly long _checksumsAt;
    private readonly bool[] _known;
    private readonly int _bytesPerFrame;
    private readonly FrameReader _read;

    public MappedFrameCache(int frames, int bytesPerFrame, string file, FrameReader read)
    {
        (_bytesPerFrame, _read, _known) = (bytesPerFrame, read, new bool[frames]);

        // Checksums are aligned: a frame may have any number of bytes.
        _checksumsAt = (((long)frames * bytesPerFrame) + sizeof(uint) - 1) / sizeof(uint) * sizeof(uint);
        var length = _checksumsAt + ((long)frames * sizeof(uint));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (_stream.Length != length)
        {
            _stream.SetLength(0);
            _stream.SetLength(length);
        }

        _file = MemoryMappedFile.CreateFromFile(_stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _frames = start + _view.PointerOffset;
        _checksums = (uint*)(_frames + _checksumsAt);
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
                Fill(frame);
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

    /// <summary>
    /// Writes to the file what is read by the mapping: the system has one copy of both. Writing to a hole by the mapping takes a fault for every page and
    /// a hundred times as long, and kills the process where the disk is full.
    /// </summary>
    private void Fill(int frame)
    {
        var rented = ArrayPool<byte>.Shared.Rent(_bytesPerFrame);
        var frame_HWC = rented.AsSpan(0, _bytesPerFrame);
        _read(frame, frame_HWC);
        var checksum = Checksum(frame_HWC);
        RandomAccess.Write(_stream.SafeFileHandle, frame_HWC, (long)frame * _bytesPerFrame);
        RandomAccess.Write(_stream.SafeFileHandle, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in checksum)), _checksumsAt + ((long)frame * sizeof(uint)));
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
