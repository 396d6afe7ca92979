using ReidCloud.GpuRunner.Data;
using ReidCloud.Tests.Golden;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.Tests.Standins.SixLaborsImageSharp;

public sealed class ImageTests
{
    [Fact]
    public void Pixels_are_where_they_were_put()
    {
        using var image = new Image<Rgb24>(4, 3, new Rgb24(9, 9, 9));
        image[3, 1] = new Rgb24(1, 2, 3);
        image.ProcessPixelRows(rows => rows.GetRowSpan(2)[0] = new Rgb24(4, 5, 6));

        var bytes = new byte[4 * 3 * 3];
        image.CopyPixelDataTo(bytes);

        Assert.Equal((4, 3), (image.Width, image.Height));
        Assert.Equal(new Rgb24(1, 2, 3), image[3, 1]);
        Assert.Equal([1, 2, 3, 4, 5, 6, 9, 9, 9], bytes[21..30]);
        Assert.Throws<ArgumentOutOfRangeException>(() => image[4, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => image[0, -1]);
    }

    [Fact]
    public void Pixels_come_from_bytes_too()
    {
        using var image = Image.LoadPixelData<Rgb24>((ReadOnlySpan<byte>)[1, 2, 3, 4, 5, 6], 1, 2);

        Assert.Equal(new Rgb24(4, 5, 6), image[0, 1]);
        Assert.ThrowsAny<ArgumentException>(() => Image.LoadPixelData<Rgb24>(new byte[5], 1, 2));
    }

    /// <summary>Pixels come from a pool: what is given back twice would be lent to two.</summary>
    [Fact]
    public void An_image_that_is_disposed_twice_gives_its_memory_back_once()
    {
        var image = new Image<Rgb24>(64, 128);
        image.Dispose();
        image.Dispose();
        using var first = new Image<Rgb24>(64, 128, new Rgb24(1, 2, 3));
        using var second = new Image<Rgb24>(64, 128, new Rgb24(4, 5, 6));

        Assert.Equal(new Rgb24(1, 2, 3), first[63, 127]);
        Assert.Equal(new Rgb24(4, 5, 6), second[0, 0]);
        using var blank = new Image<Rgb24>(64, 128);
        Assert.Equal(default, blank[5, 5]);
    }

    [Fact]
    public void A_disposed_image_has_no_pixels()
    {
        var image = new Image<L8>(2, 2);
        image.Dispose();
        image.Dispose();

        Assert.Throws<ObjectDisposedException>(() => image.CopyPixelDataTo(new byte[4]));
    }

    [Theory]
    [InlineData("imaging.decode.jpeg.420", "image/jpeg", 37, 61)]
    [InlineData("imaging.decode.png.palette", "image/png", 21, 33)]
    [InlineData("imaging.decode.bmp.palette", "image/bmp", 21, 33)]
    public void Format_and_size_are_told_from_the_content(string golden, string mimeType, int width, int height)
    {
        var bytes = Bytes(golden);
        var options = new DecoderOptions { MaxFrames = 1, SkipMetadata = true };

        Assert.Equal(mimeType, Image.DetectFormat(bytes).DefaultMimeType);
        Assert.Equal((width, height), (Image.Identify(bytes).Width, Image.Identify(new MemoryStream(bytes)).Height));
        using var image = Image.Load<Rgb24>(options, new MemoryStream(bytes));
        Assert.Equal((width, height), (image.Width, image.Height));
    }

    [Fact]
    public void What_is_no_image_is_refused()
    {
        Assert.Throws<UnknownImageFormatException>(() => Image.Load<Rgb24>("<html>no picture at all</html>"u8));
        Assert.Throws<UnknownImageFormatException>(() => Image.Identify("<html>no picture at all</html>"u8));
        Assert.Throws<UnknownImageFormatException>(() => Image.DetectFormat([0]));
    }

    [Fact]
    public void Grey_is_the_luminance_of_a_color()
    {
        L8 grey = default;
        grey.FromRgb24(new Rgb24(255, 0, 0));
        Assert.Equal(54, grey.PackedValue);
        grey.FromRgba32(new Rgba32(0, 255, 0, 7));
        Assert.Equal(182, grey.PackedValue);
        Rgba32 color = default;
        grey.ToRgba32(ref color);
        Assert.Equal(new Rgba32(182, 182, 182, 255), color);
    }

    /// <summary>
    /// A fixed seed, so that a failure can be looked at. The documented exceptions are the first two; of the others ImageSharp 3.1.12 lets some
    /// through, which is why ImageDecoder names the image whatever is thrown.
    /// </summary>
    [Theory]
    [InlineData("imaging.decode.jpeg.422")]
    [InlineData("imaging.decode.jpeg.progressive.420")]
    [InlineData("imaging.decode.jpeg.cmyk")]
    [InlineData("imaging.decode.jpeg.grey")]
    [InlineData("imaging.decode.png.rgb")]
    [InlineData("imaging.decode.png.palette_trns")]
    [InlineData("imaging.decode.png.bilevel")]
    [InlineData("imaging.decode.bmp.rgb")]
    [InlineData("imaging.decode.bmp.palette")]
    public void Damaged_and_truncated_bytes_end_in_a_picture_or_a_known_exception(string golden)
    {
        var original = Bytes(golden);
        var random = Seeding.Stream(11, golden);
        for (var trial = 0; trial < 250; trial++)
        {
            var bytes = original.ToArray();
            for (var change = random.NextInt(5); change > 0; change--)
            {
                bytes[8 + random.NextInt(random.NextBool(0.5) ? 60 : bytes.Length - 8)] = (byte)random.NextInt(256);
            }

            var length = random.NextBool(0.5) ? bytes.Length : 12 + random.NextInt(bytes.Length - 12);
            try
            {
                using var image = Image.Load<Rgb24>(bytes.AsSpan(0, length));
                Assert.True(image.Width > 0 && image.Height > 0);
            }
            catch (Exception fault) when (fault is ImageFormatException or NotSupportedException or ArgumentException or NullReferenceException)
            {
                Assert.NotEmpty(fault.Message);
            }
        }
    }

    private static byte[] Bytes(string golden) => GoldenCase.Read(Path.Combine(GoldenFolder.Own, golden + ".safetensors"))["bytes"].U8;
}
