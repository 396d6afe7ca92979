using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace ReidCloud.Datasets;

/// <summary>One frame's bytes out of the file that holds them, decompressed and verified by length and checksum: a picture's file, also of what lies as pixels.</summary>
public static class FrameBytes
{
    /// <summary>Reads by position, so any number of threads may share the handle.</summary>
    /// <exception cref="ArchiveException">The file does not hold what the manifest says.</exception>
    public static byte[] Read(SafeFileHandle file, FrameSource frame)
    {
        var compressed = new byte[checked((int)frame.CompressedLength)];
        if (!frame.IsInArchive)
        {
            Fill(file, compressed, frame.Offset, frame);
            return Decode(compressed, frame.Encoding, frame.Length, frame.Crc32, frame.Name);
        }

        // Header and data in one read where the header is of the usual length.
        var guess = new byte[LocalHeader.UsualLength + compressed.Length];
        var got = ReadUpTo(file, guess, frame.Offset);
        if (got < LocalHeader.Length)
        {
            throw CutOff(frame);
        }

        var start = LocalHeader.DataOffset(guess, frame.Name);
        if (got - start >= compressed.Length)
        {
            return Decode(new ArraySegment<byte>(guess, start, compressed.Length), frame.Encoding, frame.Length, frame.Crc32, frame.Name);
        }

        Fill(file, compressed, frame.Offset + start, frame);
        return Decode(compressed, frame.Encoding, frame.Length, frame.Crc32, frame.Name);
    }

    /// <summary>From bytes that begin at the frame's <see cref="FrameSource.Offset"/> and hold all of it.</summary>
    internal static byte[] Read(ReadOnlySpan<byte> from, FrameSource frame) => IsWithin(from, frame)
        ? Decode(from.Slice(StartIn(from, frame), (int)frame.CompressedLength).ToArray(), frame.Encoding, frame.Length, frame.Crc32, frame.Name)
        : throw CutOff(frame);

    /// <summary>Whether bytes that begin at the frame's <see cref="FrameSource.Offset"/> hold all of it.</summary>
    internal static bool IsWithin(ReadOnlySpan<byte> from, FrameSource frame) => from.Length - StartIn(from, frame) >= frame.CompressedLength;

    private static int StartIn(ReadOnlySpan<byte> from, FrameSource frame) =>
        !frame.IsInArchive ? 0
        : from.Length < LocalHeader.Length ? from.Length + 1
        : LocalHeader.DataOffset(from, frame.Name);

    /// <summary>The declared number of bytes, never more, whatever the compressed ones would give.</summary>
    internal static byte[] Decode(ArraySegment<byte> compressed, FrameEncoding encoding, long length, uint crc, string name)
    {
        var bytes = encoding == FrameEncoding.Deflate ? Inflate(compressed, length, name) : compressed.ToArray();
        if (bytes.Length != length)
        {
            throw new ArchiveException($"{name} has {bytes.Length} bytes where {length} are declared. The archive is damaged: make it again and upload it.");
        }

        var actual = Crc32.Of(bytes);
        return actual == crc
            ? encoding == FrameEncoding.Pixels ? ArrayFrame.ToBitmap(bytes) : bytes
            : throw new ArchiveException(
                $"{name} is damaged: its checksum is {actual:x8} where {crc:x8} is declared. Make the archive again and upload it.");
    }

    private static byte[] Inflate(ArraySegment<byte> compressed, long length, string name)
    {
        if (length > compressed.Count * ArchiveLimits.LargestRatio)
        {
            throw new ArchiveException($"{name} declares {length} bytes from {compressed.Count}, which cannot be. Make the archive again.");
        }

        try
        {
            using var inflate = new DeflateStream(new MemoryStream(compressed.Array!, compressed.Offset, compressed.Count, writable: false), CompressionMode.Decompress);
            var bytes = new byte[checked((int)length)];
            var got = inflate.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (got != bytes.Length || inflate.ReadByte() >= 0)
            {
                throw new ArchiveException(
                    $"{name} does not unpack to the {length} bytes that are declared. The archive is damaged: make it again and upload it.");
            }

            return bytes;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new ArchiveException($"{name} cannot be unpacked: its compressed bytes are damaged. Make the archive again and upload it.", exception);
        }
    }

    private static void Fill(SafeFileHandle file, Span<byte> bytes, long offset, FrameSource frame)
    {
        if (ReadUpTo(file, bytes, offset) != bytes.Length)
        {
            throw CutOff(frame);
        }
    }

    private static int ReadUpTo(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        var got = 0;
        while (got < bytes.Length)
        {
            var count = RandomAccess.Read(file, bytes[got..], offset + got);
            if (count == 0)
            {
                break;
            }

            got += count;
        }

        return got;
    }

    private static ArchiveException CutOff(FrameSource frame) =>
        new($"{frame.Name} is cut off: the file ends inside it. Upload it again, or clear the local copy.");
}
