using System.Buffers.Binary;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The chunks of a PNG that decoding needs, with their checksums verified.</summary>
internal sealed class PngChunks
{
    private const uint Ihdr = 0x49484452;
    private const uint Plte = 0x504C5445;
    private const uint Trns = 0x74524E53;
    private const uint Idat = 0x49444154;
    private const uint Iend = 0x49454E44;

    public PngHeader Header { get; private set; }

    /// <summary>The palette with its alpha, empty where there is none.</summary>
    public Rgba32[] Palette { get; private set; } = [];

    /// <summary>The samples of the one transparent color, empty where there is none.</summary>
    public int[] Transparent { get; private set; } = [];

    public MemoryStream Data { get; } = new();

    public static PngHeader ReadHeader(ReadOnlySpan<byte> png)
    {
        Next(png, PngReader.Signature.Length, out var type, out var data);
        return type == Ihdr ? PngHeader.Parse(data) : throw new InvalidImageContentException("The PNG does not start with its header.");
    }

    public static PngChunks Read(ReadOnlySpan<byte> png)
    {
        var chunks = new PngChunks { Header = ReadHeader(png) };
        var at = PngReader.Signature.Length;
        while (true)
        {
            at = Next(png, at, out var type, out var data);
            switch (type)
            {
                case Plte:
                    chunks.ReadPalette(data);
                    break;
                case Trns:
                    chunks.ReadTransparency(data);
                    break;
                case Idat:
                    chunks.Data.Write(data);
                    break;
                case Iend:
                    chunks.Data.Position = 0;
                    return chunks;
            }
        }
    }

    /// <summary>Reads the chunk at <paramref name="at"/> and returns where the next one starts.</summary>
    private static int Next(ReadOnlySpan<byte> png, int at, out uint type, out ReadOnlySpan<byte> data)
    {
        if (png.Length - at < 12)
        {
            throw new InvalidImageContentException("The PNG data ends before its end chunk.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
        type = BinaryPrimitives.ReadUInt32BigEndian(png[(at + 4)..]);
        if (length > png.Length - at - 12)
        {
            throw new InvalidImageContentException("A chunk of the PNG runs past the end of the data.");
        }

        data = png.Slice(at + 8, (int)length);
        var end = at + 8 + (int)length;
        if (IsCritical(type) && Crc32.Compute(png[(at + 4)..end]) != BinaryPrimitives.ReadUInt32BigEndian(png[end..]))
        {
            throw new InvalidImageContentException($"The checksum of the PNG's chunk at byte {at} is wrong.");
        }

        return end + 4;
    }

    /// <summary>The case of a chunk type's first letter says whether a reader must understand it.</summary>
    private static bool IsCritical(uint type) => (type & 0x2000_0000) == 0;

    private void ReadPalette(ReadOnlySpan<byte> data)
    {
        if (data.Length % 3 != 0 || data.Length is 0 or > 768)
        {
            throw new InvalidImageContentException($"The PNG's palette has {data.Length} bytes, which is not 1 to 256 times 3.");
        }

        Palette = new Rgba32[data.Length / 3];
        for (var i = 0; i < Palette.Length; i++)
        {
            Palette[i] = new Rgba32(data[3 * i], data[(3 * i) + 1], data[(3 * i) + 2]);
        }
    }

    private void ReadTransparency(ReadOnlySpan<byte> data)
    {
        if (Header.Color == PngColorType.Palette)
        {
            for (var i = 0; i < Math.Min(data.Length, Palette.Length); i++)
            {
                Palette[i].A = data[i];
            }
        }
        else if (Header.Color is PngColorType.Grayscale or PngColorType.Rgb && data.Length >= 2 * Header.Channels)
        {
            Transparent = new int[Header.Channels];
            for (var i = 0; i < Transparent.Length; i++)
            {
                Transparent[i] = BinaryPrimitives.ReadUInt16BigEndian(data[(2 * i)..]);
            }
        }
    }
}
