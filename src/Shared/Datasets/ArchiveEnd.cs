using System.Buffers.Binary;

namespace ReidCloud.Datasets;

/// <summary>Where a zip's directory lies and how many entries it has, from the record at the archive's end (and its 64-bit form).</summary>
internal readonly record struct ArchiveEnd(long DirectoryOffset, long DirectoryLength, long Entries)
{
    private const int RecordLength = 22;
    private const int LocatorLength = 20;
    private const int Record64Length = 56;
    private const uint RecordSignature = 0x06054B50;
    private const uint LocatorSignature = 0x07064B50;
    private const uint Record64Signature = 0x06064B50;

    public static ArchiveEnd Find(Stream archive, string name, ArchiveLimits limits)
    {
        var length = archive.Length;
        if (length == 0)
        {
            throw new ArchiveException($"{name} is empty (0 bytes). Upload the file again.");
        }

        var tail = new byte[(int)Math.Min(length, RecordLength + ushort.MaxValue + LocatorLength)];
        archive.Position = length - tail.Length;
        archive.ReadExactly(tail);

        var at = Locate(tail);
        if (at < 0)
        {
            throw Missing(archive, name);
        }

        var record = tail.AsSpan(at);
        var position = length - tail.Length + at;
        var disk = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        var directoryDisk = BinaryPrimitives.ReadUInt16LittleEndian(record[6..]);
        var here = BinaryPrimitives.ReadUInt16LittleEndian(record[8..]);
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        var end = new ArchiveEnd(
            BinaryPrimitives.ReadUInt32LittleEndian(record[16..]), BinaryPrimitives.ReadUInt32LittleEndian(record[12..]), entries);
        var whole = disk == directoryDisk && (disk == 0 || disk == ushort.MaxValue) && here == entries;

        if (at >= LocatorLength && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at - LocatorLength)) == LocatorSignature)
        {
            var locator = tail.AsSpan(at - LocatorLength);
            whole &= BinaryPrimitives.ReadUInt32LittleEndian(locator[4..]) == 0 && BinaryPrimitives.ReadUInt32LittleEndian(locator[16..]) <= 1;
            (end, position, var alone) = Read64(archive, name, BinaryPrimitives.ReadUInt64LittleEndian(locator[8..]), position - LocatorLength);
            whole &= alone;
        }

        if (!whole)
        {
            throw new ArchiveException($"{name} is one part of a split archive. Join the parts into one .zip (zip -s 0) and upload that.");
        }

        if (end.DirectoryOffset < 0 || end.DirectoryLength < 0 || end.DirectoryOffset > position || end.DirectoryLength > position - end.DirectoryOffset)
        {
            throw new ArchiveException($"{name} is truncated or damaged: its directory does not lie inside it. Upload the whole file again.");
        }

        if (end.Entries > limits.Entries)
        {
            throw new ArchiveException($"{name} has {end.Entries} entries; at most {limits.Entries} are read. Split the data set into several archives.");
        }

        return end;
    }

    private static (ArchiveEnd End, long Position, bool Alone) Read64(Stream archive, string name, ulong offset, long before)
    {
        if (before < Record64Length || offset > (ulong)(before - Record64Length))
        {
            throw new ArchiveException($"{name} is truncated or damaged: its end points outside it. Upload the whole file again.");
        }

        var record = new byte[Record64Length];
        archive.Position = (long)offset;
        archive.ReadExactly(record);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != Record64Signature)
        {
            throw new ArchiveException($"{name} is truncated or damaged: its 64-bit end record is not where it should be. Upload the whole file again.");
        }

        var here = BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(24));
        var entries = BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(32));
        var alone = BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(16)) == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(20)) == 0
            && here == entries;
        var end = new ArchiveEnd(
            Signed(BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(48))),
            Signed(BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(40))),
            Signed(entries));
        return (end, (long)offset, alone);
    }

    private static long Signed(ulong value) => (long)Math.Min(value, long.MaxValue);

    /// <summary>The last record whose comment reaches exactly the end; without one, the last that fits.</summary>
    private static int Locate(ReadOnlySpan<byte> tail)
    {
        var fits = -1;
        for (var at = tail.Length - RecordLength; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) != RecordSignature)
            {
                continue;
            }

            var behind = tail.Length - at - RecordLength;
            var comment = BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]);
            if (comment == behind)
            {
                return at;
            }

            fits = fits < 0 && comment < behind ? at : fits;
        }

        return fits;
    }

    private static ArchiveException Missing(Stream archive, string name)
    {
        Span<byte> first = stackalloc byte[4];
        archive.Position = 0;
        var begun = archive.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(first) == LocalHeader.Signature;
        return new ArchiveException(begun
            ? $"{name} is truncated: it begins as a zip and ends before its directory. Upload the whole file again."
            : $"{name} is not a zip. Pack the data set as .zip, or upload its files under their own names.");
    }
}
