using System.Buffers.Binary;
using System.Text;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Api;

/// <summary>A file of a .tar; its content is to be read before the next entry is asked for, or not at all.</summary>
internal sealed record TarEntry(string Name, Stream Content);

/// <summary>
/// The files of a .tar from a stranger, front to back from a stream that need not seek: the formats V7, ustar, GNU (long names) and pax (path, size). Memory is
/// bounded whatever the archive says of itself, which the framework's reader does not promise for extended headers. Links and devices are refused,
/// and names that leave the folder; folders are passed over.
/// </summary>
internal sealed class TarEntries(Stream tar, string archive, ArchiveLimits limits)
{
    private const int Block = 512;

    /// <summary>A long name or a pax header: a few hundred bytes in real archives.</summary>
    private const int LongestHeader = 64 << 10;

    /// <summary>Headers in front of one file: its long name, its times, once for all files their owner.</summary>
    private const int MostHeaders = 16;

    /// <summary>Zeros at the end, which a compressed archive could have without end: real ones fill up a tape's block.</summary>
    private const long LongestEnd = 64 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _header = new byte[Block];
    private Part? _open;
    private int _entries;
    private long _total;

    /// <summary>The next file; null at the end.</summary>
    /// <exception cref="CommandException">It holds what may not be in a data set.</exception>
    /// <exception cref="InvalidDataException">It is no .tar, or damaged.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public async Task<TarEntry?> NextAsync(CancellationToken cancellationToken)
    {
        string? longName = null;
        long? longSize = null;
        for (var headers = 0; ; headers++)
        {
            if (headers > MostHeaders)
            {
                throw new InvalidDataException($"more than {MostHeaders} headers stand in front of one file");
            }

            if (_open is not null)
            {
                await _open.SkipAsync(cancellationToken);
                _open = null;
            }

            await tar.ReadExactlyAsync(_header, cancellationToken);
            if (!_header.AsSpan().ContainsAnyExcept((byte)0))
            {
                await ReadToEndAsync(cancellationToken);
                return null;
            }

            RequireChecksum();
            var size = Possible(Number(_header.AsSpan(124, 12)));
            var kind = (char)_header[156];
            switch (kind)
            {
                case 'L':
                    longName = Text(await ReadHeaderAsync(size, cancellationToken));
                    continue;
                case 'x':
                    Pax(await ReadHeaderAsync(size, cancellationToken), ref longName, ref longSize);
                    continue;
                case 'g' or 'K':
                    _open = new Part(tar, size);
                    continue;
            }

            var name = Inside(longName ?? ShortName());
            size = Possible(longSize ?? size);
            (longName, longSize) = (null, null);
            _open = new Part(tar, size);
            RequireFew();
            headers = -1;
            if (kind == '5' || (kind is '0' or '\0' && name.EndsWith('/')) || name.Length == 0)
            {
                continue;
            }

            RequireFile(kind, name, size);
            return new TarEntry(name, _open);
        }
    }

    /// <summary>
    /// Zeros follow the end mark, up to the archive's block size, and nothing else: an archive whose middle was lost would otherwise pass for a shorter one.
    /// Of a compressed one the check sum comes at the very end.
    /// </summary>
    private async Task ReadToEndAsync(CancellationToken cancellationToken)
    {
        var piece = new byte[1 << 16];
        var place = (long)Block;
        while (await ReadLastAsync(piece, cancellationToken) is > 0 and var got)
        {
            if (piece.AsSpan(0, got).IndexOfAnyExcept((byte)0) is >= 0 and var at)
            {
                throw new InvalidDataException(
                    $"after {_entries} files and folders comes its end mark, and {place + at} bytes on something else: it is overwritten, or several archives in one");
            }

            place += got;
            if (place > LongestEnd)
            {
                throw new InvalidDataException($"after {_entries} files and folders comes its end mark, and more than {LongestEnd} zeros");
            }
        }
    }

    private async Task<int> ReadLastAsync(byte[] piece, CancellationToken cancellationToken)
    {
        try
        {
            return await tar.ReadAsync(piece, cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException("after its end mark, the check sum of its compression is wrong or missing", exception);
        }
    }

    private void RequireFile(char kind, string name, long size)
    {
        if (DatasetName.FaultOfFile(name) is { } fault)
        {
            throw CommandException.Mistake($"'{archive}': the name of an entry {fault}", "pack the data set's folder itself, with names inside it");
        }

        if (kind is '1' or '2')
        {
            throw CommandException.Mistake($"'{archive}': '{name}' is a link", "pack the files themselves (tar --dereference --hard-dereference), or unpack it and push the folder");
        }

        if (kind is not ('0' or '\0' or '7'))
        {
            throw CommandException.Mistake($"'{archive}': '{name}' is of kind '{kind}' and no plain file", "unpack it, and push the folder");
        }

        if (size > limits.LongestOf(name))
        {
            throw CommandException.Mistake($"'{archive}': '{name}' has {size} bytes; at most {limits.LongestOf(name)} are read", "leave it out");
        }

        _total += size;
        if (_total > limits.TotalLength)
        {
            throw CommandException.Mistake($"'{archive}' holds more than {limits.TotalLength} bytes", "split the data set");
        }
    }

    private void RequireFew()
    {
        if (++_entries > limits.Entries)
        {
            throw CommandException.Mistake($"'{archive}' holds more than {limits.Entries} files and folders", "split the data set");
        }
    }

    private long Possible(long size) =>
        size <= limits.TotalLength ? size : throw new InvalidDataException($"an entry of {size} bytes cannot be");

    /// <summary>`tar -C folder .` writes every name with a dot in front.</summary>
    private static string Inside(string name)
    {
        while (name.StartsWith("./", StringComparison.Ordinal))
        {
            name = name[2..];
        }

        return name == "." ? "" : name;
    }

    /// <summary>100 bytes, and in front of them in ustar's own format up to 155 more.</summary>
    private string ShortName()
    {
        var name = Text(_header.AsSpan(0, 100));
        var prefix = _header.AsSpan(257, 6).SequenceEqual("ustar\0"u8) ? Text(_header.AsSpan(345, 155)) : "";
        return prefix.Length == 0 ? name : $"{prefix}/{name}";
    }

    private async Task<byte[]> ReadHeaderAsync(long size, CancellationToken cancellationToken)
    {
        if (size > LongestHeader)
        {
            throw new InvalidDataException($"it has a header of {size} bytes");
        }

        var content = new byte[size];
        var part = new Part(tar, size);
        await part.ReadExactlyAsync(content, cancellationToken);
        await part.SkipAsync(cancellationToken);
        return content;
    }

    /// <summary>Records "LENGTH KEY=VALUE\n", where the length counts all of the record.</summary>
    private void Pax(ReadOnlySpan<byte> records, ref string? name, ref long? size)
    {
        while (records.Length > 0)
        {
            var blank = records.IndexOf((byte)' ');
            if (blank < 0 || !int.TryParse(records[..blank], out var length) || length <= blank || length > records.Length || records[length - 1] != '\n')
            {
                throw new InvalidDataException("an extended header cannot be read");
            }

            var record = records[(blank + 1)..(length - 1)];
            records = records[length..];
            if (record.StartsWith("GNU.sparse."u8))
            {
                throw CommandException.Mistake($"'{archive}' holds a sparse file, whose gaps are not stored", "pack it without --sparse, or unpack it and push the folder");
            }

            if (record.StartsWith("path="u8))
            {
                name = Text(record["path=".Length..]);
            }
            else if (record.StartsWith("size="u8))
            {
                size = long.TryParse(record["size=".Length..], out var bytes) && bytes >= 0
                    ? bytes
                    : throw new InvalidDataException("an extended header gives a size that is no number");
            }
        }
    }

    /// <summary>The sum of the header's bytes, its own eight counted as blanks.</summary>
    private void RequireChecksum()
    {
        var sum = 8 * ' ';
        for (var place = 0; place < Block; place++)
        {
            sum += place is >= 148 and < 156 ? 0 : _header[place];
        }

        if (Number(_header.AsSpan(148, 8)) != sum)
        {
            throw new InvalidDataException("it is no .tar, or an entry's header is damaged");
        }
    }

    /// <summary>Octal digits; or, with the first bit set and more than eight bytes of room, the number itself.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            return field[0] == 0x80 && field.Length > 8 && !field[1..^8].ContainsAnyExcept((byte)0) && BinaryPrimitives.ReadInt64BigEndian(field[^8..]) is >= 0 and var wide
                ? wide
                : throw new InvalidDataException("a header has a number that cannot be");
        }

        var number = 0L;
        foreach (var digit in field.Trim(" \0"u8))
        {
            number = digit is >= (byte)'0' and <= (byte)'7' ? (number * 8) + digit - '0' : throw new InvalidDataException("a header has a number that cannot be read");
        }

        return number;
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        bytes = end < 0 ? bytes : bytes[..end];
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>So many bytes of the archive, and what fills their last block.</summary>
    private sealed class Part(Stream tar, long length) : Stream
    {
        private readonly int _padding = (int)((Block - (length % Block)) % Block);
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public async Task SkipAsync(CancellationToken cancellationToken)
        {
            var piece = new byte[(int)Math.Min(_left + _padding, 1 << 16)];
            for (var left = _left + _padding; left > 0;)
            {
                var count = (int)Math.Min(left, piece.Length);
                await tar.ReadExactlyAsync(piece.AsMemory(0, count), cancellationToken);
                left -= count;
            }

            _left = 0;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Took(await tar.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken), buffer.Length);

        public override int Read(byte[] buffer, int offset, int count) =>
            Took(tar.Read(buffer, offset, (int)Math.Min(count, _left)), count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Took(int got, int wanted)
        {
            if (got == 0 && _left > 0 && wanted > 0)
            {
                throw new EndOfStreamException("it ends inside a file");
            }

            _left -= got;
            return got;
        }
    }
}
