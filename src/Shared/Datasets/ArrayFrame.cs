using System.Buffers.Binary;

namespace ReidCloud.Datasets;

/// <summary>
/// A frame that lies as pixels in an array of SYSU-MM01's usual pre-processing: 288 rows of 144, of each red, green and blue. Whoever reads it gets a BMP of them, so that nothing but reading knows of arrays.
/// </summary>
public static class ArrayFrame
{
    public const int Height = 288;
    public const int Width = 144;
    public const int Channels = 3;

    /// <summary>Bytes of its pixels.</summary>
    public const int Length = Height * Width * Channels;

    private const int HeadLength = 54;
    private const int InfoLength = 40;

    /// <summary>Rows of a BMP go from the last to the first, its pixels from blue to red; rows of 144 pixels need no padding.</summary>
    internal static byte[] ToBitmap(ReadOnlySpan<byte> rgb)
    {
        var file = new byte[HeadLength + Length];
        var head = file.AsSpan(0, HeadLength);
        "BM"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head[2..], file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[10..], HeadLength);
        BinaryPrimitives.WriteInt32LittleEndian(head[14..], InfoLength);
        BinaryPrimitives.WriteInt32LittleEndian(head[18..], Width);
        BinaryPrimitives.WriteInt32LittleEndian(head[22..], Height);
        BinaryPrimitives.WriteInt16LittleEndian(head[26..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(head[28..], 8 * Channels);
        for (var y = 0; y < Height; y++)
        {
            var from = rgb.Slice(y * Width * Channels, Width * Channels);
            var to = file.AsSpan(HeadLength + ((Height - 1 - y) * Width * Channels), Width * Channels);
            for (var x = 0; x < from.Length; x += Channels)
            {
                (to[x], to[x + 1], to[x + 2]) = (from[x + 2], from[x + 1], from[x]);
            }
        }

        return file;
    }
}
