using ReidCloud.Tests.Testing;
using ReidCloud.GpuRunner.Data;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.Tests.Standins.SixLaborsImageSharp;

public sealed class PngTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(17, 5)]
    [InlineData(64, 33)]
    public void Pixels_survive_a_round_trip(int width, int height)
    {
        Assert.Equal(Pixels.Random<Rgb24>(width, height), RoundTrip(Pixels.Random<Rgb24>(width, height), width));
        Assert.Equal(Pixels.Random<Rgba32>(width, height), RoundTrip(Pixels.Random<Rgba32>(width, height), width));
        Assert.Equal(Pixels.Random<L8>(width, height), RoundTrip(Pixels.Random<L8>(width, height), width));
    }

    [Theory]
    [InlineData(PngCompressionLevel.NoCompression)]
    [InlineData(PngCompressionLevel.BestCompression)]
    public void A_smooth_picture_survives_every_compression(PngCompressionLevel level)
    {
        var smooth = Enumerable.Range(0, 40 * 30).Select(i => new Rgb24((byte)(i % 40 * 6), (byte)(i / 40 * 8), (byte)(i % 40 + (i / 40)))).ToArray();
        using var image = Image.LoadPixelData<Rgb24>(smooth, 40, 30);
        using var file = new MemoryStream();
        image.SaveAsPng(file, new PngEncoder { CompressionLevel = level });

        Assert.Equal(smooth, Pixels.Of<Rgb24>(file.ToArray()));
    }

    [Fact]
    public void Alpha_is_dropped_where_there_is_no_room_for_it()
    {
        var pixels = Pixels.Random<Rgba32>(9, 7);
        using var image = Image.LoadPixelData<Rgba32>(pixels, 9, 7);
        using var file = new MemoryStream();
        image.SaveAsPng(file, new PngEncoder { ColorType = PngColorType.RgbWithAlpha });

        Assert.Equal(pixels.Select(pixel => pixel.Rgb), Pixels.Of<Rgb24>(file.ToArray()));
    }

    public static TheoryData<int, int, bool> Depths()
    {
        var depths = new TheoryData<int, int, bool>();
        foreach (var (colorType, bits) in new[] { (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (4, 8), (4, 16), (6, 8), (6, 16) })
        {
            depths.Add(colorType, bits, false);
            depths.Add(colorType, bits, true);
        }

        return depths;
    }

    /// <summary>Color types 0 grey, 2 color, 4 grey with alpha, 6 color with alpha.</summary>
    [Theory]
    [MemberData(nameof(Depths))]
    public void Every_color_type_and_depth_is_read(int colorType, int bits, bool interlaced)
    {
        var (width, height) = (13, 11);
        var channels = colorType switch { 0 => 1, 2 => 3, 4 => 2, _ => 4 };
        var random = Seeding.Stream((colorType * 100 + bits), "png");
        int[] bytes = [.. Enumerable.Range(0, width * height * channels).Select(_ => random.NextInt(Math.Min(1 << bits, 256)) * 255 / ((1 << Math.Min(bits, 8)) - 1))];
        int[] samples = [.. bytes.Select(value => bits == 16 ? value * 257 : value * ((1 << bits) - 1) / 255)];

        var file = PngFile.Write(width, height, colorType, bits, samples, interlaced);

        Assert.Equal(bytes.Chunk(channels).Select(Color), Pixels.Of<Rgba32>(file));
        Assert.Equal((width, height), (Image.Identify(file).Width, Image.Identify(file).Height));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(4, false)]
    [InlineData(8, true)]
    public void Palettes_are_expanded_with_their_alpha(int bits, bool interlaced)
    {
        var colors = Pixels.Random<Rgba32>(1 << bits, 1);
        var random = Seeding.Stream(bits, "palette");
        int[] indices = [.. Enumerable.Range(0, 19 * 9).Select(_ => random.NextInt(colors.Length))];

        var file = PngFile.Write(
            19, 9, 3, bits, indices, interlaced, [.. colors.SelectMany(c => new[] { c.R, c.G, c.B })], [.. colors.Select(c => c.A)]);

        Assert.Equal(indices.Select(index => colors[index]), Pixels.Of<Rgba32>(file));
    }

    [Theory]
    [InlineData(2, 8)]
    [InlineData(6, 16)]
    public void Every_filter_is_undone(int colorType, int bits)
    {
        var random = Seeding.Stream(bits, "filters");
        int[] bytes = [.. Enumerable.Range(0, 16 * 40 * (colorType == 2 ? 3 : 4)).Select(_ => random.NextInt(4) * 85)];

        var file = PngFile.Write(16, 40, colorType, bits, [.. bytes.Select(value => bits == 16 ? value * 257 : value)], interlaced: false, filters: [4, 3, 1, 2, 0, 4]);

        Assert.Equal(bytes.Chunk(colorType == 2 ? 3 : 4).Select(Color), Pixels.Of<Rgba32>(file));
    }

    [Fact]
    public void The_one_transparent_color_is_transparent()
    {
        var file = PngFile.Write(2, 1, 2, 8, [1, 2, 3, 4, 5, 6], interlaced: false, transparency: [0, 4, 0, 5, 0, 6]);

        Assert.Equal([255, 0], Pixels.Of<Rgba32>(file).Select(pixel => (int)pixel.A));
    }

    [Fact]
    public void A_wrong_checksum_is_an_error()
    {
        var file = PngFile.Write(2, 1, 2, 8, [1, 2, 3, 4, 5, 6], interlaced: false);
        file[30] ^= 1; // the header's own checksum

        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(file));
    }

    [Fact]
    public void A_picture_that_does_not_fit_into_memory_is_an_error()
    {
        var file = new MemoryStream();
        file.Write(PngFile.Write(1, 1, 6, 8, [1, 2, 3, 4], interlaced: false).AsSpan(0, 8));
        PngFile.Chunk(file, "IHDR"u8, [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 6, 0, 0, 0]);
        PngFile.Chunk(file, "IDAT"u8, [0x78, 0x9C, 3, 0, 0, 0, 0, 1]);
        PngFile.Chunk(file, "IEND"u8, []);

        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgba32>(file.ToArray()));
    }

    private static Rgba32 Color(int[] v) => v.Length switch
    {
        1 => new((byte)v[0], (byte)v[0], (byte)v[0], 255),
        2 => new((byte)v[0], (byte)v[0], (byte)v[0], (byte)v[1]),
        3 => new((byte)v[0], (byte)v[1], (byte)v[2], 255),
        _ => new((byte)v[0], (byte)v[1], (byte)v[2], (byte)v[3]),
    };

    private static TPixel[] RoundTrip<TPixel>(TPixel[] pixels, int width)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = Image.LoadPixelData<TPixel>(pixels, width, pixels.Length / width);
        using var file = new MemoryStream();
        image.SaveAsPng(file);
        return Pixels.Of<TPixel>(file.ToArray());
    }
}
