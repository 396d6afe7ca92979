using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ReidCloud.Datasets;

/// <summary>
/// Writes matrices the way MATLAB's `save` does and as MARS publishes its tables: class double, each element stored in the type asked for, every matrix
/// zlib-compressed. The same matrices give the same bytes.
/// </summary>
public static class MatFileWriter
{
    private const string Title = "MATLAB 5.0 MAT-file, Platform: GLNXA64, Created by: ReidCloud";

    /// <param name="matrices">With the type each is stored in: the narrowest that holds all values is MATLAB's choice; MARS has int32 tables and a uint16 index.</param>
    public static byte[] Write(params ReadOnlySpan<(MatMatrix Matrix, MatType Storage)> matrices)
    {
        using var file = Begin();
        foreach (var (matrix, storage) in matrices)
        {
            Add(file, Parts(matrix, storage));
        }

        return file.ToArray();
    }

    /// <summary>A column of cells, each a row of letters, and behind it matrices of doubles: as CUHK03's new protocol is published.</summary>
    public static byte[] Write(string list, IReadOnlyCollection<string> texts, params ReadOnlySpan<MatMatrix> matrices)
    {
        using var file = Begin();
        Add(file, [.. Head(MatClass.Cell, texts.Count, 1, list), .. texts.SelectMany(text => Element(
            MatType.Matrix, [.. Head(MatClass.Text, 1, text.Length, ""), .. Element(MatType.UInt16, Encoding.Unicode.GetBytes(text))]))]);
        foreach (var matrix in matrices)
        {
            Add(file, Parts(matrix, MatType.Double));
        }

        return file.ToArray();
    }

    /// <summary>A row of cells, in each a row of cells, in each a matrix of small whole numbers or nothing: as SYSU-MM01's permutations are published.</summary>
    public static byte[] Write(string name, IReadOnlyList<IReadOnlyList<MatMatrix?>> cells)
    {
        using var file = Begin();
        Add(file, [.. Head(MatClass.Cell, cells.Count, 1, name), .. cells.SelectMany(inner => Element(
            MatType.Matrix,
            [.. Head(MatClass.Cell, 1, inner.Count, ""), .. inner.SelectMany(matrix => Element(MatType.Matrix, Parts(matrix ?? new MatMatrix("", 0, 0, []), MatType.UInt16)))]))]);
        return file.ToArray();
    }

    private static MemoryStream Begin()
    {
        var file = new MemoryStream();
        file.Write(Encoding.ASCII.GetBytes(Title.PadRight(124)));
        file.Write([0x00, 0x01, (byte)'I', (byte)'M']);
        return file;
    }

    private static void Add(MemoryStream file, byte[] parts)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(Element(MatType.Matrix, parts));
        }

        WriteTag(file, MatType.Compressed, (int)compressed.Length);
        compressed.WriteTo(file);
    }

    private static byte[] Parts(MatMatrix matrix, MatType storage) =>
        [.. Head(MatClass.Double, matrix.Rows, matrix.Columns, matrix.Name), .. Element(storage, Stored(matrix.Values, storage))];

    private static byte[] Head(MatClass kind, int rows, int columns, string name)
    {
        Span<byte> flags = stackalloc byte[8];
        flags.Clear();
        flags[0] = (byte)kind;
        Span<byte> dimensions = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(dimensions, rows);
        BinaryPrimitives.WriteInt32LittleEndian(dimensions[4..], columns);
        return [.. Element(MatType.UInt32, flags), .. Element(MatType.Int32, dimensions), .. Element(MatType.Int8, Encoding.Latin1.GetBytes(name))];
    }

    private static byte[] Stored(double[] values, MatType storage)
    {
        var width = MatReader.Width(storage);
        var bytes = new byte[width * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var to = bytes.AsSpan(i * width);
            switch (storage)
            {
                case MatType.Single: BinaryPrimitives.WriteSingleLittleEndian(to, (float)values[i]); break;
                case MatType.Double: BinaryPrimitives.WriteDoubleLittleEndian(to, values[i]); break;
                default:
                    var value = checked((long)values[i]);
                    for (var b = 0; b < width; b++)
                    {
                        to[b] = (byte)(value >> (8 * b));
                    }

                    break;
            }
        }

        return bytes;
    }

    /// <summary>With its padding; up to four bytes go into the tag itself.</summary>
    private static byte[] Element(MatType type, ReadOnlySpan<byte> bytes)
    {
        using var element = new MemoryStream();
        if (bytes.Length is > 0 and <= 4)
        {
            Span<byte> small = stackalloc byte[8];
            small.Clear();
            BinaryPrimitives.WriteUInt32LittleEndian(small, ((uint)bytes.Length << 16) | (uint)type);
            bytes.CopyTo(small[4..]);
            element.Write(small);
            return element.ToArray();
        }

        WriteTag(element, type, bytes.Length);
        element.Write(bytes);
        while (element.Length % 8 != 0)
        {
            element.WriteByte(0);
        }

        return element.ToArray();
    }

    private static void WriteTag(MemoryStream to, MatType type, int length)
    {
        Span<byte> tag = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(tag, (int)type);
        BinaryPrimitives.WriteInt32LittleEndian(tag[4..], length);
        to.Write(tag);
    }
}
