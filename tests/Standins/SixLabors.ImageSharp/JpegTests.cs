using ReidCloud.Tests.Testing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.Tests.Standins.SixLaborsImageSharp;

public sealed class JpegTests
{
    private const int Width = 50;
    private const int Height = 37;

    [Theory]
    [InlineData(JpegEncodingColor.YCbCrRatio444)]
    [InlineData(JpegEncodingColor.YCbCrRatio422)]
    [InlineData(JpegEncodingColor.YCbCrRatio420)]
    public void A_smooth_picture_survives_every_sampling(JpegEncodingColor color)
    {
        var smooth = Smooth();
        var decoded = Pixels.Of<Rgb24>(Encode(smooth, new JpegEncoder { Quality = 95, ColorType = color }));

        Assert.Equal(smooth.Length, decoded.Length);
        Assert.All(smooth.Zip(decoded), pair =>
        {
            Assert.InRange(pair.First.R - pair.Second.R, -12, 12);
            Assert.InRange(pair.First.G - pair.Second.G, -12, 12);
            Assert.InRange(pair.First.B - pair.Second.B, -12, 12);
        });
    }

    [Fact]
    public void Luminance_alone_is_grey()
    {
        var decoded = Pixels.Of<Rgb24>(Encode(Smooth(), new JpegEncoder { ColorType = JpegEncodingColor.Luminance }));

        Assert.All(decoded, pixel => Assert.True(pixel.R == pixel.G && pixel.G == pixel.B));
    }

    [Fact]
    public void Less_quality_is_less_data()
    {
        var noise = Pixels.Random<Rgb24>(Width, Height);

        Assert.True(Encode(noise, new JpegEncoder { Quality = 20 }).Length < Encode(noise, new JpegEncoder()).Length);
        Assert.True(Encode(noise, new JpegEncoder()).Length < Encode(noise, new JpegEncoder { Quality = 98 }).Length);
        Assert.Equal(Encode(noise, new JpegEncoder()), Encode(noise, new JpegEncoder { Quality = 75 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Impossible_qualities_are_refused(int quality) => Assert.Throws<ArgumentException>(() => new JpegEncoder { Quality = quality });

    private static Rgb24[] Smooth() =>
        [.. Enumerable.Range(0, Width * Height).Select(i => new Rgb24((byte)(i % Width * 5), (byte)(i / Width * 6), (byte)(200 - (i % Width) - (i / Width))))];

    private static byte[] Encode(Rgb24[] pixels, JpegEncoder encoder)
    {
        using var image = Image.LoadPixelData<Rgb24>(pixels, Width, Height);
        using var file = new MemoryStream();
        image.SaveAsJpeg(file, encoder);
        return file.ToArray();
    }
}
