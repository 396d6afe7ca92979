using System.Buffers.Binary;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Tests.Golden;
using ReidCloud.Tests.Testing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class ImageDecoderTests
{
    [Theory]
    [InlineData("imaging.decode.png.rgba")]
    [InlineData("imaging.decode.png.palette_trns")]
    [InlineData("imaging.decode.png.grey_alpha")]
    [InlineData("imaging.decode.bmp.palette")]
    public void Lossless_formats_come_out_exactly(string golden)
    {
        var given = Case(golden);

        Assert.Equal(given.Expected["rgb"].U8, ImageDecoder.Decode(given["bytes"].U8, golden).Pixels);
    }

    [Theory]
    [InlineData("imaging.decode.jpeg.420", "the JPEG ends without an end-of-image marker")]
    [InlineData("imaging.decode.jpeg.progressive.444", "the JPEG ends without an end-of-image marker")]
    [InlineData("imaging.decode.png.rgb", "the PNG ends without its end chunk")]
    [InlineData("imaging.decode.bmp.rgb", "the BMP needs")]
    public void Names_an_image_that_is_truncated_at_whatever_byte(string golden, string problem)
    {
        var bytes = Case(golden)["bytes"].U8;
        for (var length = 64; length < bytes.Length; length += 7)
        {
            var fault = Assert.Throws<ImageException>(() => ImageDecoder.Decode(bytes.AsSpan(0, length), "0001/F0007.jpg"));
            Assert.StartsWith("image '0001/F0007.jpg' is truncated: " + problem, fault.Message);
            Assert.EndsWith("; re-export or remove it", fault.Message);
        }
    }

    [Fact]
    public void Padding_after_the_end_does_no_harm()
    {
        var given = Case("imaging.decode.jpeg.444");

        Assert.Equal(37, ImageDecoder.Decode([.. given["bytes"].U8, .. new byte[3000]], "padded").Width);
    }

    [Fact]
    public void Zeros_in_place_of_the_missing_part_do_not_hide_the_truncation()
    {
        var bytes = Case("imaging.decode.jpeg.444")["bytes"].U8.ToArray();
        bytes.AsSpan(bytes.Length / 2).Clear();

        Assert.Contains("is truncated", Assert.Throws<ImageException>(() => ImageDecoder.Decode(bytes, "a.jpg")).Message);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html>", "is not an image that can be read: it starts with '<!DOCTYPE ht'")]
    [InlineData("GIF89a and more of it", "is not an image that can be read: it starts with GIF's signature")]
    [InlineData("\0\u0001\u0002 binary stuff", "is not an image that can be read: it starts with the bytes 0001022062696E61")]
    [InlineData("", "is empty")]
    public void Names_what_is_not_an_image(string content, string problem)
    {
        var fault = Assert.Throws<ImageException>(() => ImageDecoder.Decode(System.Text.Encoding.Latin1.GetBytes(content), "x"));

        Assert.Equal(problem, fault.Problem);
    }

    [Fact]
    public void Names_an_image_30000_pixels_wide()
    {
        using var wide = new Image<Rgb24>(30_000, 8);
        using var jpeg = new MemoryStream();
        wide.SaveAsJpeg(jpeg);

        var fault = Assert.Throws<ImageException>(() => ImageDecoder.Decode(jpeg.ToArray(), "wide.jpg"));
        Assert.Equal("image 'wide.jpg' has 30000 x 8 pixels, the limit is 8192 a side; crop, resize or remove it", fault.Message);
    }

    [Fact]
    public void Names_a_small_file_that_claims_a_huge_picture()
    {
        var png = Case("imaging.decode.png.rgb")["bytes"].U8.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 8000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 8000);

        Assert.Equal("has 8000 x 8000 pixels, the limit is 32000000 in all", Assert.Throws<ImageException>(() => ImageDecoder.Decode(png, "x")).Problem);
    }

    [Fact]
    public void Names_a_CMYK_picture_whose_inks_are_ambiguous()
    {
        var jpeg = Case("imaging.decode.jpeg.cmyk")["bytes"].U8.ToArray();
        jpeg.AsSpan(jpeg.AsSpan().IndexOf("Adobe"u8), 5).Fill((byte)'x');

        Assert.Contains("CMYK", Assert.Throws<ImageException>(() => ImageDecoder.Decode(jpeg, "x")).Problem);
    }

    [Fact]
    public void A_gradient_survives_a_JPEG_round_trip()
    {
        using var image = new Image<Rgb24>(64, 32);
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                var row = rows.GetRowSpan(y);
                for (var x = 0; x < row.Length; x++)
                {
                    row[x] = new Rgb24((byte)(x * 4), (byte)(y * 8), 128);
                }
            }
        });
        using var jpeg = new MemoryStream();
        image.SaveAsJpeg(jpeg, new JpegEncoder { Quality = 95, ColorType = JpegEncodingColor.YCbCrRatio444 });

        var decoded = ImageDecoder.Decode(jpeg.ToArray(), "gradient.jpg");

        Assert.Equal((64, 32), (decoded.Width, decoded.Height));
        for (var i = 0; i < decoded.Pixels.Length; i += 3)
        {
            Assert.InRange(decoded.Pixels[i] - (i / 3 % 64 * 4), -8, 8);
            Assert.InRange(decoded.Pixels[i + 1] - (i / 3 / 64 * 8), -8, 8);
        }
    }

    /// <summary>A fixed seed, so that a failure can be looked at. A decoded picture has the size that its header says, whatever else is broken.</summary>
    [Theory]
    [InlineData("imaging.decode.jpeg.420")]
    [InlineData("imaging.decode.jpeg.progressive.420")]
    [InlineData("imaging.decode.jpeg.cmyk")]
    [InlineData("imaging.decode.png.rgba")]
    [InlineData("imaging.decode.png.palette_trns")]
    [InlineData("imaging.decode.bmp.palette")]
    public void Damaged_bytes_give_a_picture_or_a_named_fault_and_nothing_else(string golden)
    {
        var original = Case(golden)["bytes"].U8;
        var random = Seeding.Stream(7, golden);
        for (var trial = 0; trial < 300; trial++)
        {
            var bytes = original.ToArray();
            for (var change = random.NextInt(4); change >= 0; change--)
            {
                bytes[random.NextInt(random.NextBool(0.5) ? 100 : bytes.Length)] = (byte)random.NextInt(256);
            }

            try
            {
                var image = ImageDecoder.Decode(bytes, "damaged");
                Assert.Equal(image.Width * image.Height * 3, image.Pixels.Length);
            }
            catch (ImageException fault)
            {
                Assert.StartsWith("image 'damaged' ", fault.Message);
            }
        }
    }

    private static GoldenCase Case(string name) => GoldenCase.Read(Path.Combine(GoldenFolder.Own, name + ".safetensors"));
}
