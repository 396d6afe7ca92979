using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class ImageEncoderTests
{
    [Fact]
    public void What_was_written_is_read_again()
    {
        var image = new RgbImage(5, 3, [.. Enumerable.Range(0, 45).Select(value => (byte)(value * 5))]);
        using var file = new MemoryStream();

        ImageEncoder.WritePng(image, file);
        var read = ImageDecoder.Decode(file.ToArray(), "picture.png");

        Assert.Equal((5, 3), (read.Width, read.Height));
        Assert.Equal(image.Pixels, read.Pixels);
    }
}
