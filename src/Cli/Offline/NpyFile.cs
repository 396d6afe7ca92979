using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Offline;

/// <summary>
/// NumPy's array format (NEP 1), as far as embeddings need it: two dimensions, float32, little-endian, row after row. Its head is the text of a Python dictionary;
/// it is matched, never evaluated.
/// </summary>
internal static partial class NpyFile
{
    private const int Alignment = 64;
    private const int LongestHead = 1 << 16;

    /// <summary>Without the blanks around it.</summary>
    private const int LongestText = 500;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static void Write(Stream stream, int rows, int columns, ReadOnlySpan<float> values)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
        var before = Magic.Length + sizeof(byte) + sizeof(byte) + sizeof(ushort);

        // Blanks and a line end, so that the numbers begin at a multiple of 64.
        var padded = head.PadRight(((before + head.Length + 1 + Alignment - 1) / Alignment * Alignment) - before - 1) + "\n";
        stream.Write(Magic);
        stream.Write([1, 0]);
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)padded.Length);
        stream.Write(length);
        stream.Write(Encoding.ASCII.GetBytes(padded));
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>The array's size; the stream is left at its first number, and as many follow as that says.</summary>
    /// <exception cref="InvalidDataException">It is another array, or none.</exception>
    public static (long Rows, long Columns) ReadHead(Stream stream)
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
        var members = head.Length <= LongestText ? Head().Match(head) : Match.Empty;
        if (new[] { "descr", "order", "shape" }.Any(name => members.Groups[name].Captures.Count != 1))
        {
            throw new InvalidDataException($"its head is not that of an array of numbers: {ForeignText.Shown(head, 100)}");
        }

        var (type, order) = (members.Groups["descr"].Value, members.Groups["order"].Value);
        var shape = members.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (type != "<f4")
        {
            throw new InvalidDataException($"its numbers are of type '{type}'; wanted is '<f4', float32: array.astype('<f4')");
        }

        if (order != "False" || shape.Length != 2)
        {
            throw new InvalidDataException(order != "False" ? "it is stored column by column; numpy.ascontiguousarray turns it" : $"it has {shape.Length} dimensions; wanted are two, a row an embedding");
        }

        var (rows, columns) = (Size(shape[0]), Size(shape[1]));
        var left = stream.Length - stream.Position;
        return columns == 0 || rows == 0 || (left % sizeof(float) == 0 && left / sizeof(float) / columns == rows && left / sizeof(float) % columns == 0)
            ? (rows, columns)
            : throw new InvalidDataException($"its head says {rows} × {columns} numbers of 4 bytes, but {left} bytes follow: it is cut off, or has a foreign tail");
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
    private static partial Regex Head();
}
