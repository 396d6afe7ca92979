using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The chunk IHDR, checked: PNG specification §11.2.1.</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, PngColorType Color, bool Interlaced)
{
    /// <summary>So that a row of four samples of 16 bits stays below 1 GiB.</summary>
    private const int MaxWidth = 1 << 27;

    public int Channels => Color switch
    {
        PngColorType.Rgb => 3,
        PngColorType.GrayscaleWithAlpha => 2,
        PngColorType.RgbWithAlpha => 4,
        _ => 1,
    };

    public int RowBytes(int width) => (int)((((long)width * Channels * BitDepth) + 7) / 8);

    public static PngHeader Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length != 13)
        {
            throw new InvalidImageContentException("The PNG's header must have 13 bytes.");
        }

        var header = new PngHeader(
            BinaryPrimitives.ReadInt32BigEndian(data),
            BinaryPrimitives.ReadInt32BigEndian(data[4..]),
            data[8],
            (PngColorType)data[9],
            data[12] == 1);
        var allowed = header.Color switch
        {
            PngColorType.Grayscale => header.BitDepth is 1 or 2 or 4 or 8 or 16,
            PngColorType.Palette => header.BitDepth is 1 or 2 or 4 or 8,
            PngColorType.Rgb or PngColorType.GrayscaleWithAlpha or PngColorType.RgbWithAlpha => header.BitDepth is 8 or 16,
            _ => false,
        };
        if (!allowed || data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw new NotSupportedException(
                $"Unsupported PNG: color type {data[9]}, bit depth {data[8]}, compression {data[10]}, filter {data[11]}, interlace {data[12]}.");
        }

        return header is { Width: > 0 and < MaxWidth, Height: > 0 }
            ? header
            : throw new InvalidImageContentException($"Invalid image dimensions: {header.Width}x{header.Height}.");
    }
}
