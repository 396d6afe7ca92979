using System.Runtime.InteropServices;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Offline;

/// <summary>NumPy's array format, as far as embeddings need it: two dimensions, float32, little-endian, row after row.</summary>
internal static class NpyFile
{
    private const string Float32 = "<f4";

    public static void Write(Stream stream, int rows, int columns, ReadOnlySpan<float> values)
    {
        stream.Write(new NpyHead(Float32, [rows, columns]).ToBytes());
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>The array's size; the stream is left at its first number, and as many follow as that says.</summary>
    /// <exception cref="InvalidDataException">It is another array, or none.</exception>
    public static (long Rows, long Columns) ReadHead(Stream stream)
    {
        var head = NpyHead.Read(stream);
        if (head.Type != Float32)
        {
            throw new InvalidDataException($"its numbers are of type '{head.Type}'; wanted is '<f4', float32: array.astype('<f4')");
        }

        if (head.Shape is not [var rows, var columns])
        {
            throw new InvalidDataException($"it has {head.Shape.Count} dimensions; wanted are two, a row an embedding");
        }

        var left = stream.Length - stream.Position;
        return columns == 0 || rows == 0 || (left % sizeof(float) == 0 && left / sizeof(float) / columns == rows && left / sizeof(float) % columns == 0)
            ? (rows, columns)
            : throw new InvalidDataException($"its head says {rows} × {columns} numbers of 4 bytes, but {left} bytes follow: it is cut off, or has a foreign tail");
    }
}
