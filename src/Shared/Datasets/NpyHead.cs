using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>
/// What NumPy's array format (NEP 1) says in front of the numbers: their type, as NumPy writes it ('&lt;f4', '|u1'), and the array's shape, row after row. It is the text of a Python dictionary;
/// it is matched, never evaluated.
/// </summary>
public sealed partial record NpyHead(string Type, IReadOnlyList<long> Shape)
{
    private const int Alignment = 64;
    private const int LongestHead = 1 << 16;

    /// <summary>Without the blanks around it.</summary>
    private const int LongestText = 500;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Version 1.0, byte for byte as numpy.save writes it.</summary>
    public byte[] ToBytes()
    {
        var shape = Shape.Count == 1 ? string.Create(CultureInfo.InvariantCulture, $"{Shape[0]},") : string.Join(", ", Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));
        var head = $"{{'descr': '{Type}', 'fortran_order': False, 'shape': ({shape}), }}";
        var before = Magic.Length + sizeof(byte) + sizeof(byte) + sizeof(ushort);

        // Blanks and a line end, so that the numbers begin at a multiple of 64.
        var padded = head.PadRight(((before + head.Length + 1 + Alignment - 1) / Alignment * Alignment) - before - 1) + "\n";
        var length = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)padded.Length);
        return [.. Magic, 1, 0, .. length, .. Encoding.ASCII.GetBytes(padded)];
    }

    /// <summary>The stream is left at the array's first number.</summary>
    /// <exception cref="InvalidDataException">It is no array that is stored row after row. The message is the rest of a sentence about it.</exception>
    /// <exception cref="EndOfStreamException">It ends in it.</exception>
    public static NpyHead Read(Stream stream)
    {
        Span<byte> begin = stackalloc byte[Magic.Length + 2];
        stream.ReadExactly(begin);
        if (!begin.StartsWith(Magic))
        {
            throw new InvalidDataException("it does not begin as a .npy file does");
        }

        if (begin[^2] is < 1 or > 3)
        {
            throw new InvalidDataException($"it is of version {begin[^2]} of the format; known are 1, 2 and 3");
        }

        var head = ReadText(stream, begin[^2] == 1 ? sizeof(ushort) : sizeof(uint)).Trim();
        var members = head.Length <= LongestText ? Text().Match(head) : Match.Empty;
        if (new[] { "descr", "order", "shape" }.Any(name => members.Groups[name].Captures.Count != 1))
        {
            throw new InvalidDataException($"its head is not that of an array of numbers: {ForeignText.Shown(head, 100)}");
        }

        return members.Groups["order"].Value == "False"
            ? new NpyHead(members.Groups["descr"].Value, [.. members.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Size)])
            : throw new InvalidDataException("it is stored column by column; numpy.ascontiguousarray turns it");
    }

    private static string ReadText(Stream stream, int lengthBytes)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        length.Clear();
        stream.ReadExactly(length[..lengthBytes]);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (count > LongestHead || count > stream.Length - stream.Position)
        {
            throw new InvalidDataException($"its head is said to have {count} bytes; at most {LongestHead} are read");
        }

        var text = new byte[count];
        stream.ReadExactly(text);
        return Encoding.Latin1.GetString(text);
    }

    private static long Size(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= int.MaxValue
        ? size
        : throw new InvalidDataException($"its head says a size of {ForeignText.Shown(text, 40)}");

    /// <summary>Three members in any order; a comma may follow the last.</summary>
    [GeneratedRegex(
        @"\A\{\s*(?:(?:'descr'\s*:\s*'(?<descr>[^'\\]{1,20})'|'fortran_order'\s*:\s*(?<order>True|False)|'shape'\s*:\s*\((?<shape>[0-9, ]*)\))\s*(?:,\s*)?){3}\}\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Text();
}
