using System.Buffers.Binary;
using System.Text;

namespace ReidCloud.Datasets;

/// <summary>The list of a zip's entries, read front to back in big pieces.</summary>
internal static class ArchiveDirectory
{
    private const int EntryLength = 46;
    private const uint EntrySignature = 0x02014B50;
    private const int PieceLength = 4 << 20;
    private const ushort Encrypted = 1 << 0 | 1 << 6 | 1 << 13;
    private const ushort AesMethod = 99;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding CodePage437 = CodePagesEncodingProvider.Instance.GetEncoding(437)!;

    public static IReadOnlyList<ArchiveEntry> Read(Stream archive, string name, ArchiveEnd end, ArchiveLimits limits, CancellationToken cancellation)
    {
        var most = (int)Math.Min(end.Entries, end.DirectoryLength / EntryLength);
        var entries = new List<ArchiveEntry>(most);
        var names = new HashSet<string>(most, StringComparer.Ordinal);
        var (total, named) = (0L, 0L);
        archive.Position = end.DirectoryOffset;
        var pieces = new Pieces(archive, end.DirectoryLength);
        for (var i = 0L; i < end.Entries; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var header = pieces.Next(EntryLength, name);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != EntrySignature)
            {
                throw new ArchiveException($"{name} is damaged: entry {i + 1} of its directory cannot be read. Make the archive again and upload it.");
            }

            var record = new Record(header);
            var nameBytes = pieces.Next(record.NameLength, name);
            if (record.NameLength > limits.NameLength)
            {
                throw new ArchiveException($"{name}: the name of entry {i + 1} has {record.NameLength} bytes; at most {limits.NameLength} are read. Shorten it.");
            }

            named += record.NameLength;
            if (named > limits.NamesLength)
            {
                throw new ArchiveException($"{name} has names of more than {limits.NamesLength} bytes. Shorten them, or split the data set.");
            }

            var entryName = Decode(nameBytes);
            var isFolder = entryName.EndsWith('/');
            var place = new Place(name, entryName);
            var entry = record.ToEntry(entryName, pieces.Next(record.ExtraLength, name), place);
            pieces.Next(record.CommentLength, name);
            CheckName(entryName, place);
            Check(record, entry, place, isFolder, end.DirectoryOffset, limits);
            if (!names.Add(entryName))
            {
                throw new ArchiveException($"{place} is there twice. Which one counts cannot be told: make the archive again.");
            }

            if (!isFolder)
            {
                total += entry.Length;
                entries.Add(entry);
                if (total > limits.TotalLength)
                {
                    throw new ArchiveException($"{name} holds more than {limits.TotalLength} bytes unpacked. Split the data set.");
                }
            }
        }

        if (pieces.Left >= EntryLength && BinaryPrimitives.ReadUInt32LittleEndian(pieces.Next(EntryLength, name)) == EntrySignature)
        {
            // Also what programs write that know no 64-bit sizes: of 70,000 entries they announce 4,464.
            throw new ArchiveException($"{name} holds more entries than the {end.Entries} that it announces. Make it again with a program that knows zip64, or split it.");
        }

        if (entries.Count == 0)
        {
            throw new ArchiveException($"{name} is an archive without files. Pack the data set's files into it.");
        }

        RefuseOverlaps(entries, name);
        return entries;
    }

    /// <summary>Programs write UTF-8 with and without saying so. What is none is of the code page that APPNOTE.TXT says, appendix D.</summary>
    private static string Decode(ReadOnlySpan<byte> name)
    {
        try
        {
            return StrictUtf8.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return CodePage437.GetString(name);
        }
    }

    private static void CheckName(string name, Place place)
    {
        if ((name.Contains('\\') ? "has a backslash" : FileListing.FaultOfName(name.TrimEnd('/'))) is { } fault)
        {
            throw new ArchiveException($"{place} {fault}. Names are relative paths with '/' and without '..': pack the data set's folder itself.");
        }
    }

    private static void Check(Record record, ArchiveEntry entry, Place place, bool isFolder, long directory, ArchiveLimits limits)
    {
        if ((record.Flags & Encrypted) != 0 || record.Method == AesMethod)
        {
            throw new ArchiveException($"{place} is encrypted. Pack the data set without a password.");
        }

        if (record.Method is not (0 or 8))
        {
            throw new ArchiveException($"{place} is compressed by method {record.Method}; only DEFLATE (8) and none (0) are read. Pack it again with plain zip.");
        }

        if (record.IsSymbolicLink)
        {
            throw new ArchiveException($"{place} is a symbolic link. Pack the files themselves.");
        }

        if (Math.Max(entry.Length, entry.CompressedLength) is var length && length > limits.LongestOf(entry.Name))
        {
            throw new ArchiveException($"{place} has {length} bytes; at most {limits.LongestOf(entry.Name)} are read. Leave it out.");
        }

        var possible = entry.Encoding == FrameEncoding.Stored
            ? entry.Length == entry.CompressedLength
            : entry.Length <= entry.CompressedLength * ArchiveLimits.LargestRatio && entry.CompressedLength <= ArchiveLimits.LongestPacked(entry.Length);
        if (!possible || (isFolder && entry.Length > 0))
        {
            throw new ArchiveException($"{place} declares {entry.Length} bytes from {entry.CompressedLength}, which cannot be. Make the archive again.");
        }

        if (entry.Length > ArchiveLimits.SmallEntry && entry.Length > entry.CompressedLength * limits.Ratio)
        {
            throw new ArchiveException(
                $"{place} unpacks {entry.CompressedLength} bytes to {entry.Length}, more than {limits.Ratio} times as many. Save it in another format, or store it uncompressed (zip -0).");
        }

        if (entry.Offset > directory - LocalHeader.Length || entry.CompressedLength > directory - LocalHeader.Length - entry.Offset)
        {
            throw new ArchiveException($"{place} does not lie inside the archive: it is truncated or damaged. Upload the whole file again.");
        }
    }

    /// <summary>Entries that share bytes are how small archives declare huge contents.</summary>
    private static void RefuseOverlaps(List<ArchiveEntry> entries, string name)
    {
        // Most directories are in the order of the files that they list.
        var offsets = new long[entries.Count];
        var places = new int[entries.Count];
        var isInOrder = true;
        for (var i = 0; i < places.Length; i++)
        {
            (offsets[i], places[i]) = (entries[i].Offset, i);
            isInOrder &= i == 0 || offsets[i - 1] <= offsets[i];
        }

        if (!isInOrder)
        {
            Array.Sort(offsets, places);
        }

        for (var i = 1; i < places.Length; i++)
        {
            var (before, next) = (entries[places[i - 1]], entries[places[i]]);
            if (before.Offset + LocalHeader.Length + before.CompressedLength > next.Offset)
            {
                throw new ArchiveException($"{name}: entries '{ForeignText.Shown(before.Name)}' and '{ForeignText.Shown(next.Name)}' share bytes. Make the archive again.");
            }
        }
    }

    /// <summary>Where a fault is. Of a million entries nearly all have none, so it becomes a text only when it is asked for.</summary>
    private readonly struct Place(string archive, string entry)
    {
        public override string ToString() => $"{archive}: entry '{ForeignText.Shown(entry)}'";
    }

    private readonly struct Record(ReadOnlySpan<byte> header)
    {
        private const int Unix = 3;
        private const int Darwin = 19;
        private const uint SymbolicLink = 0xA000;

        private readonly byte _madeBy = header[5];
        private readonly uint _crc = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        private readonly uint _compressed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        private readonly uint _length = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        private readonly ushort _disk = BinaryPrimitives.ReadUInt16LittleEndian(header[34..]);
        private readonly uint _attributes = BinaryPrimitives.ReadUInt32LittleEndian(header[38..]);
        private readonly uint _offset = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);

        public readonly ushort Flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        public readonly ushort Method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]);
        public readonly int NameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        public readonly int ExtraLength = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]);
        public readonly int CommentLength = BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);

        public bool IsSymbolicLink => _madeBy is Unix or Darwin && ((_attributes >> 16) & 0xF000) == SymbolicLink;

        public ArchiveEntry ToEntry(string name, ReadOnlySpan<byte> extra, Place place)
        {
            long length = _length, compressed = _compressed, offset = _offset, disk = _disk;
            if (_length == uint.MaxValue || _compressed == uint.MaxValue || _offset == uint.MaxValue)
            {
                var wide = Wide(extra);
                length = _length == uint.MaxValue ? Take(ref wide, place) : length;
                compressed = _compressed == uint.MaxValue ? Take(ref wide, place) : compressed;
                offset = _offset == uint.MaxValue ? Take(ref wide, place) : offset;
                disk = _disk == ushort.MaxValue ? 0 : disk;
            }

            if (disk != 0)
            {
                throw new ArchiveException($"{place} lies on another part of a split archive. Join the parts into one .zip (zip -s 0) and upload that.");
            }

            return new ArchiveEntry(name, offset, compressed, length, Method == 0 ? FrameEncoding.Stored : FrameEncoding.Deflate, _crc);
        }

        /// <summary>The extra field with the numbers that do not fit into 32 bits.</summary>
        private static ReadOnlySpan<byte> Wide(ReadOnlySpan<byte> extra)
        {
            while (extra.Length >= 4)
            {
                var kind = BinaryPrimitives.ReadUInt16LittleEndian(extra);
                var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
                if (kind == 1)
                {
                    return extra.Slice(4, length);
                }

                extra = extra[(4 + length)..];
            }

            return [];
        }

        private static long Take(ref ReadOnlySpan<byte> wide, Place place)
        {
            if (wide.Length < sizeof(long) || BinaryPrimitives.ReadInt64LittleEndian(wide) is var value && value < 0)
            {
                throw new ArchiveException($"{place} has no readable 64-bit sizes. Make the archive again.");
            }

            wide = wide[sizeof(long)..];
            return value;
        }
    }

    /// <summary>Consecutive bytes of the directory, fetched a piece at a time. A span is good until the next call.</summary>
    private sealed class Pieces(Stream archive, long left)
    {
        private readonly byte[] _buffer = new byte[PieceLength + (2 * ushort.MaxValue)];
        private int _start;
        private int _end;

        /// <summary>How much of the directory has not been given.</summary>
        public long Left => left + _end - _start;

        public ReadOnlySpan<byte> Next(int count, string name)
        {
            if (_end - _start < count)
            {
                Fill(count, name);
            }

            _start += count;
            return _buffer.AsSpan(_start - count, count);
        }

        private void Fill(int count, string name)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var want = (int)Math.Min(left, _buffer.Length - _end);
            if (_end + want < count)
            {
                throw new ArchiveException($"{name} is damaged: its directory is shorter than the entries it announces. Make the archive again and upload it.");
            }

            archive.ReadExactly(_buffer, _end, want);
            left -= want;
            _end += want;
        }
    }
}
