using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Bmp;

/// <summary>The file header and the info header of a bitmap: the old one of 12 bytes, and those of 40 bytes and more.</summary>
internal readonly record struct BmpHeader(int Width, int Height, bool TopDown, int Bits, int Compression, int InfoBytes, int PixelOffset, int Colors)
{
    /// <summary>So that a row of 32 bits a pixel stays below 1 GiB.</summary>
    private const int MaxWidth = 1 << 28;

    public const int FileBytes = 14;
    public const int Rgb = 0;
    public const int BitFields = 3;

    public int PaletteEntryBytes => InfoBytes == 12 ? 3 : 4;

    public int RowBytes => (int)((((long)Width * Bits) + 31) / 32 * 4);

    public static BmpHeader Parse(ReadOnlySpan<byte> bmp)
    {
        if (bmp.Length < FileBytes + 12)
        {
            throw new InvalidImageContentException("The bitmap ends within its header.");
        }

        var infoBytes = BinaryPrimitives.ReadInt32LittleEndian(bmp[FileBytes..]);
        if (infoBytes != 12 && infoBytes is < 40 or > 1024)
        {
            throw new NotSupportedException($"This bitmap has an unsupported header of {infoBytes} bytes.");
        }

        if (bmp.Length - FileBytes < infoBytes)
        {
            throw new InvalidImageContentException("The bitmap ends within its header.");
        }

        var offset = BinaryPrimitives.ReadInt32LittleEndian(bmp[10..]);
        var info = bmp.Slice(FileBytes, infoBytes);
        var header = infoBytes == 12
            ? new BmpHeader(
                BinaryPrimitives.ReadUInt16LittleEndian(info[4..]),
                BinaryPrimitives.ReadUInt16LittleEndian(info[6..]),
                TopDown: false,
                BinaryPrimitives.ReadUInt16LittleEndian(info[10..]),
                Rgb,
                infoBytes,
                offset,
                Colors: 0)
            : Windows(info, offset);
        return header is { Width: > 0 and < MaxWidth, Height: > 0 }
            ? header
            : throw new InvalidImageContentException($"Invalid image dimensions: {header.Width}x{header.Height}.");
    }

    private static BmpHeader Windows(ReadOnlySpan<byte> info, int offset)
    {
        var height = BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        return new BmpHeader(
            BinaryPrimitives.ReadInt32LittleEndian(info[4..]),
            height == int.MinValue ? 0 : Math.Abs(height),
            height < 0,
            BinaryPrimitives.ReadUInt16LittleEndian(info[14..]),
            BinaryPrimitives.ReadInt32LittleEndian(info[16..]),
            info.Length,
            offset,
            BinaryPrimitives.ReadInt32LittleEndian(info[32..]));
    }
}
