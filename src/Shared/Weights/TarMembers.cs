using System.Text;

namespace ReidCloud.Weights;

/// <summary>
/// Where the files of a tar lie that must have a few known ones and nothing else: plain, each once, as Python's tarfile writes them (POSIX ustar and
/// pax). Only the headers are read.
/// </summary>
internal static class TarMembers
{
    private const int Block = 512;
    private const int MostHeaders = 32;
    private const int MostExtended = 16 << 10;

    /// <exception cref="WeightsException">It is damaged, or holds another file than the known ones, or one twice.</exception>
    public static IReadOnlyDictionary<string, (long Begin, long End)> Read(Stream file, string name, IReadOnlyCollection<string> known)
    {
        var members = new Dictionary<string, (long Begin, long End)>(StringComparer.Ordinal);
        var header = new byte[Block];
        var at = 0L;
        for (var headers = 0; headers < MostHeaders; headers++)
        {
            var begin = at + Block;
            Require(begin <= file.Length, at, name, "the tar has no end: it is truncated");
            file.Position = at;
            file.ReadExactly(header);
            if (!header.AsSpan().ContainsAnyExcept((byte)0))
            {
                return members;
            }

            Require(header.AsSpan(257, 5).SequenceEqual("ustar"u8) && Octal(header.AsSpan(148, 8)) == Sum(header), at, name, "no header of a tar: it is damaged");
            var size = Octal(header.AsSpan(124, 12));
            Require(size >= 0 && size <= file.Length - begin, at, name, "a member of the tar does not lie inside the file: it is truncated or damaged");
            if (header[156] is (byte)'x' or (byte)'g')
            {
                RequireHarmless(file, begin, size, name);
            }
            else
            {
                var member = Text(header.AsSpan(0, 100));
                if (header[156] is not ((byte)'0' or 0) || header[345] != 0 || !known.Contains(member))
                {
                    throw new WeightsException($"{name} is a tar that torch.save did not write: it holds '{WeightsNames.Shown(member)}'. {WeightsException.SaveAgain}");
                }

                Require(members.TryAdd(member, (begin, begin + size)), at, name, $"the tar holds '{member}' twice");
            }

            at = begin + ((size + Block - 1) / Block * Block);
        }

        throw new WeightsException($"{name} is a tar of more than {MostHeaders} members, which torch.save did not write. {WeightsException.SaveAgain}");
    }

    /// <summary>Times and owners may stand in an extended header; another name or size than the plain header says may not.</summary>
    private static void RequireHarmless(Stream file, long begin, long size, string name)
    {
        Require(size <= MostExtended, begin, name, $"an extended header of {size} bytes, where at most {MostExtended} are read");
        var bytes = new byte[size];
        file.Position = begin;
        file.ReadExactly(bytes);
        var text = Encoding.Latin1.GetString(bytes);
        Require(
            !text.Contains(" path=", StringComparison.Ordinal) && !text.Contains(" size=", StringComparison.Ordinal) && !text.Contains(" GNU.", StringComparison.Ordinal),
            begin, name, "an extended header gives a member another name or size");
    }

    /// <summary>As header fields say numbers; −1 if this one does not.</summary>
    private static long Octal(ReadOnlySpan<byte> field)
    {
        var value = 0L;
        foreach (var digit in field.Trim((ReadOnlySpan<byte>)[0, (byte)' ']))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return -1;
            }

            value = (value * 8) + (digit - '0');
        }

        return value;
    }

    /// <summary>Of all bytes, those of the sum itself as blanks.</summary>
    private static long Sum(ReadOnlySpan<byte> header)
    {
        var sum = 8L * ' ';
        for (var i = 0; i < header.Length; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : header[i];
        }

        return sum;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? field : field[..end]);
    }

    private static void Require(bool holds, long at, string name, string fault)
    {
        if (!holds)
        {
            throw new WeightsException($"{name}, byte {at}: {fault}. {WeightsException.UploadAgain}");
        }
    }
}
