using System.Buffers.Binary;

namespace ReidCloud.Datasets;

/// <summary>The headers of a Windows or OS/2 bitmap. Its length follows from them; the length that it declares is often wrong.</summary>
internal static class BmpSyntax
{
    private const int FileHeader = 14;
    private const int OldInfoHeader = 12;
    private const int SmallestHeader = 34;

    public static ReadOnlySpan<byte> Start => "BM"u8;

    public static ImageHeader? Read(ReadOnlySpan<byte> head, long length, out ImageFault? fault)
    {
        fault = null;
        if (head.Length < SmallestHeader)
        {
            fault = length < SmallestHeader ? ImageFault.Truncated("the BMP ends within its header") : null;
            return null;
        }

        var isOld = BinaryPrimitives.ReadInt32LittleEndian(head[FileHeader..]) == OldInfoHeader;
        var header = new ImageHeader(
            ImageFormat.Bmp,
            isOld ? BinaryPrimitives.ReadUInt16LittleEndian(head[18..]) : BinaryPrimitives.ReadInt32LittleEndian(head[18..]),
            isOld ? BinaryPrimitives.ReadUInt16LittleEndian(head[20..]) : Upright(BinaryPrimitives.ReadInt32LittleEndian(head[22..])));
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(head[(isOld ? 24 : 28)..]);
        var compression = isOld ? 0 : BinaryPrimitives.ReadInt32LittleEndian(head[30..]);
        if (compression is not (0 or 3))
        {
            fault = new ImageFault("is a compressed BMP, which is not supported", "save it as PNG");
            return null;
        }

        if (bits is not (1 or 4 or 8 or 16 or 24 or 32))
        {
            fault = ImageFault.Damaged($"its header says {bits} bits a pixel");
            return null;
        }

        // Sizes beyond the limits are told as such, not as missing bytes.
        if (header is { Width: > 0 and <= ImageLimits.MaxSide, Height: <= ImageLimits.MaxSide })
        {
            var needed = BinaryPrimitives.ReadUInt32LittleEndian(head[10..]) + (((((long)header.Width * bits) + 31) / 32) * 4 * header.Height);
            fault = needed > length ? ImageFault.Truncated($"the BMP needs {needed} bytes and has {length}") : null;
        }

        return fault is null ? header : null;
    }

    /// <summary>A negative height says that the rows go from top to bottom.</summary>
    private static int Upright(int height) => height == int.MinValue ? 0 : Math.Abs(height);
}
