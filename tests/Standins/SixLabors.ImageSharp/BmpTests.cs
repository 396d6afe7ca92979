using System.Buffers.Binary;
using ReidCloud.Tests.Testing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.Tests.Standins.SixLaborsImageSharp;

public sealed class BmpTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(22, 9)]
    public void Pixels_survive_a_round_trip(int width, int height)
    {
        var pixels = Pixels.Random<Rgb24>(width, height);
        using var image = Image.LoadPixelData<Rgb24>(pixels, width, height);
        foreach (var bits in new BmpBitsPerPixel?[] { null, BmpBitsPerPixel.Pixel24, BmpBitsPerPixel.Pixel32 })
        {
            using var file = new MemoryStream();
            image.SaveAsBmp(file, new BmpEncoder { BitsPerPixel = bits });
            Assert.Equal(pixels, Pixels.Of<Rgb24>(file.ToArray()));
        }
    }

    [Fact]
    public void Grey_survives_with_eight_bits()
    {
        var pixels = Pixels.Random<L8>(21, 6);
        using var image = Image.LoadPixelData<L8>(pixels, 21, 6);
        using var file = new MemoryStream();
        image.SaveAsBmp(file, new BmpEncoder { BitsPerPixel = BmpBitsPerPixel.Pixel8 });

        Assert.Equal(pixels, Pixels.Of<L8>(file.ToArray()));
    }

    /// <summary>Five pixels of colors 1 and 0 of a palette, in rows padded to four bytes.</summary>
    [Theory]
    [InlineData(1, new byte[] { 0b10110000, 0, 0, 0 })]
    [InlineData(4, new byte[] { 0x10, 0x11, 0x00, 0 })]
    [InlineData(8, new byte[] { 1, 0, 1, 1, 0, 0, 0, 0 })]
    public void Palettes_are_expanded(int bits, byte[] row)
    {
        var (on, off) = (new Rgb24(10, 20, 30), new Rgb24(200, 100, 50));
        byte[] palette = [50, 100, 200, 0, 30, 20, 10, 0];

        Assert.Equal([on, off, on, on, off], Pixels.Of<Rgb24>(File(5, 1, bits, 0, palette, row)));
    }

    [Fact]
    public void Rows_go_upwards_unless_the_height_is_negative()
    {
        byte[] rows = [1, 1, 1, 0, 2, 2, 2, 0];

        Assert.Equal([2, 1], Pixels.Of<Rgb24>(File(1, 2, 24, 0, [], rows)).Select(pixel => (int)pixel.R));
        Assert.Equal([1, 2], Pixels.Of<Rgb24>(File(1, -2, 24, 0, [], rows)).Select(pixel => (int)pixel.R));
    }

    [Fact]
    public void Sixteen_bits_are_five_a_color_or_as_their_masks_say()
    {
        byte[] row = [0x00, 0x7C, 0xE0, 0x03];
        byte[] masks = [0x1F, 0, 0, 0, 0xE0, 0x03, 0, 0, 0, 0x7C, 0, 0];

        Assert.Equal([new Rgb24(255, 0, 0), new Rgb24(0, 255, 0)], Pixels.Of<Rgb24>(File(2, 1, 16, 0, [], row)));
        Assert.Equal([new Rgb24(0, 0, 255), new Rgb24(0, 255, 0)], Pixels.Of<Rgb24>(File(2, 1, 16, 3, masks, row)));
    }

    [Fact]
    public void Missing_rows_are_an_error() =>
        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(File(1, 2, 24, 0, [], [1, 1, 1, 0])));

    /// <summary>The file header, an info header of 40 bytes, what follows it, and the rows.</summary>
    private static byte[] File(int width, int height, int bits, int compression, byte[] after, byte[] rows)
    {
        var header = new byte[54];
        "BM"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(2), header.Length + after.Length + rows.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(10), header.Length + after.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(22), height);
        header[26] = 1;
        header[28] = (byte)bits;
        header[30] = (byte)compression;
        header[46] = (byte)(bits <= 8 ? after.Length / 4 : 0);
        return [.. header, .. after, .. rows];
    }
}
