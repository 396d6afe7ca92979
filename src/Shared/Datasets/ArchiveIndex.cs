using System.Buffers.Binary;

namespace ReidCloud.Datasets;

/// <summary>One file of an archive, as the archive's directory describes it. <see cref="Offset"/> is that of its local header.</summary>
public readonly record struct ArchiveEntry(
    string Name, long Offset, long CompressedLength, long Length, FrameEncoding Encoding, uint Crc32)
{
    /// <summary>As a manifest says it, when the archive is this one of its blobs.</summary>
    public FrameSource In(int blob) => new(Name, blob, Offset, CompressedLength, Length, Encoding, Crc32);
}

/// <summary>
/// The directory of a zip, read from the end of any seekable stream without touching the files in it: two small reads and one sequential one,
/// whatever the size. Everything the directory says is checked before anything is believed; nothing is ever unpacked to a path.
/// </summary>
public sealed class ArchiveIndex
{
    private readonly Stream _archive;

    private ArchiveIndex(Stream archive, IReadOnlyList<ArchiveEntry> entries)
    {
        _archive = archive;
        Entries = entries;
    }

    /// <summary>The files in the directory's order; folders are left out.</summary>
    public IReadOnlyList<ArchiveEntry> Entries { get; }

    /// <param name="archive">Seekable; stays open and in use by <see cref="Open"/>.</param>
    /// <param name="name">What the archive is called in messages.</param>
    /// <exception cref="ArchiveException">It is not a zip that can be read whole and safely.</exception>
    public static ArchiveIndex Read(Stream archive, string name, ArchiveLimits? limits = null, CancellationToken cancellation = default)
    {
        limits ??= ArchiveLimits.Default;
        try
        {
            var end = ArchiveEnd.Find(archive, name, limits);
            return new ArchiveIndex(archive, ArchiveDirectory.Read(archive, name, end, limits, cancellation));
        }
        catch (EndOfStreamException exception)
        {
            throw new ArchiveException($"{name} is truncated: it ends before what its directory describes. Upload the whole file again.", exception);
        }
    }

    /// <summary>A file's bytes, decompressed and verified. One at a time: it moves the archive's position.</summary>
    /// <exception cref="ArchiveException">They are not what the directory promises.</exception>
    public byte[] Open(ArchiveEntry entry) => Open(_archive, entry.In(0));

    internal static byte[] Open(Stream archive, FrameSource entry)
    {
        try
        {
            archive.Position = entry.Offset;
            Span<byte> header = stackalloc byte[LocalHeader.Length];
            archive.ReadExactly(header);
            var data = entry.Offset + LocalHeader.DataOffset(header, entry.Name);
            if (data > archive.Length - entry.CompressedLength)
            {
                throw CutOff(entry.Name, null);
            }

            archive.Position = data;
            var compressed = new byte[checked((int)entry.CompressedLength)];
            archive.ReadExactly(compressed);
            return FrameBytes.Decode(compressed, entry.Encoding, entry.Length, entry.Crc32, entry.Name);
        }
        catch (EndOfStreamException exception)
        {
            throw CutOff(entry.Name, exception);
        }
    }

    private static ArchiveException CutOff(string entry, Exception? exception) =>
        new($"{entry} is cut off: its archive ends inside it. Upload the whole archive again.", exception);
}

/// <summary>The record in front of an entry's bytes. Only its own length is taken from it; the rest stands in the directory.</summary>
internal static class LocalHeader
{
    public const int Length = 30;

    /// <summary>Most have a name and little else; of what is longer the rest is read separately.</summary>
    public const int UsualLength = 512;

    /// <summary>With a name and an extra field as long as their lengths can be written.</summary>
    public const int LongestLength = Length + (2 * ushort.MaxValue);
    public const uint Signature = 0x04034B50;

    /// <summary>How far behind the header's start the entry's bytes begin.</summary>
    public static int DataOffset(ReadOnlySpan<byte> header, string entry)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Signature)
        {
            throw new ArchiveException($"{entry} is not where the archive's directory says. The archive is damaged: make it again and upload it.");
        }

        return Length + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
    }
}
