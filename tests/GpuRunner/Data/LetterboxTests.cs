using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class LetterboxTests
{
    [Theory]
    [InlineData(100, 50, 224, 224, 0, 56, 224, 112)]
    [InlineData(50, 100, 224, 224, 56, 0, 112, 224)]
    [InlineData(7, 7, 10, 20, 0, 5, 10, 10)]
    [InlineData(3, 2, 10, 9, 0, 2, 10, 6)]
    [InlineData(2, 3, 9, 10, 2, 0, 6, 10)]
    [InlineData(8192, 1, 16, 16, 0, 8, 16, 1)]
    public void Keeps_the_aspect_and_gives_the_odd_pixel_to_top_and_left(
        int width, int height, int newWidth, int newHeight, int left, int top, int innerWidth, int innerHeight) =>
        Assert.Equal((left, top, innerWidth, innerHeight), Letterbox.Place(width, height, newWidth, newHeight));

    [Fact]
    public void Puts_the_resized_picture_on_black()
    {
        var rgb = Enumerable.Range(1, 3 * 2 * 3).Select(value => (byte)(value * 10)).ToArray();
        var inner = PillowResize.Resize(rgb, 3, 2, 10, 6, ResizeFilter.Bicubic);

        var framed = Letterbox.Resize(rgb, 3, 2, 10, 9, ResizeFilter.Bicubic);

        Assert.Equal([.. new byte[2 * 30], .. inner, .. new byte[1 * 30]], framed);
    }

    [Fact]
    public void Puts_a_tall_picture_between_black_columns()
    {
        byte[] white = [.. Enumerable.Repeat((byte)255, 2 * 4 * 3)];

        var framed = Letterbox.Resize(white, 2, 4, 5, 4, ResizeFilter.Bilinear);

        byte[] row = [0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0];
        Assert.Equal([.. row, .. row, .. row, .. row], framed);
    }

    [Fact]
    public void Clears_what_was_there()
    {
        byte[] used = [.. Enumerable.Repeat((byte)9, 4 * 4 * 3)];
        Letterbox.Resize(new byte[4 * 2 * 3], 4, 2, used, 4, 4, ResizeFilter.Bicubic);

        Assert.All(used, value => Assert.Equal(0, value));
    }
}
