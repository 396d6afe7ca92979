using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Insights;

namespace ReidCloud.Tests.GpuRunner.Insights;

public sealed class ThumbnailsTests
{
    [Theory]
    [InlineData(64, 128, 64, 128)]
    [InlineData(128, 256, 64, 128)]
    [InlineData(16, 32, 16, 32)]
    [InlineData(400, 300, 64, 48)]
    [InlineData(10, 1000, 1, 128)]
    [InlineData(5000, 2, 64, 1)]
    public void A_picture_keeps_its_proportions_and_is_no_larger(int width, int height, int expectedWidth, int expectedHeight)
    {
        var picture = Thumbnails.Of(new RgbImage(width, height, [.. Enumerable.Range(0, width * height).SelectMany(_ => new byte[] { 200, 60, 20 })]), 64, 128);

        var read = ImageDecoder.Decode(picture.Bytes, "picture.jpg");
        Assert.Equal((expectedWidth, expectedHeight, "image/jpeg"), (picture.Width, picture.Height, picture.ContentType));
        Assert.Equal((picture.Width, picture.Height), (read.Width, read.Height));
        Assert.All(new[] { 200, 60, 20 }, (value, channel) => Assert.InRange((int)read.Pixels[channel], value - 6, value + 6));
    }
}
