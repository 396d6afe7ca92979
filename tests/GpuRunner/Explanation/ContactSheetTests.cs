using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Explanation;

namespace ReidCloud.Tests.GpuRunner.Explanation;

public sealed class ContactSheetTests
{
    private const int Gap = 4;

    [Fact]
    public void An_images_pictures_lie_below_each_other_and_bands_follow_each_other()
    {
        var sheet = new ContactSheet(images: 4, rows: 2, width: 8, height: 8);
        for (var image = 0; image < 4; image++)
        {
            sheet.Put(image, [Plain((byte)(10 * image)), Plain((byte)((10 * image) + 5))]);
        }

        // Three columns would leave one over: two bands of two.
        Assert.Equal((20, 44), (sheet.Image.Width, sheet.Image.Height));
        Assert.Equal([0, 10], (byte[])[At(0, 0), At(1, 0)]);
        Assert.Equal([5, 15], (byte[])[At(0, 1), At(1, 1)]);
        Assert.Equal([20, 30], (byte[])[At(0, 2), At(1, 2)]);
        Assert.Equal(byte.MaxValue, sheet.Image.Pixels[3 * 9]);

        byte At(int column, int row) => sheet.Image.Pixels[3 * ((((row * (8 + Gap)) + 3) * sheet.Image.Width) + (column * (8 + Gap)) + 3)];
    }

    [Theory]
    [InlineData(1, 2, 128, 256)]
    [InlineData(16, 3, 128, 256)]
    [InlineData(1000, 3, 128, 256)]
    [InlineData(1000, 3, 1024, 32)]
    [InlineData(3, 3, 32, 1024)]
    [InlineData(1, 3, 1024, 1024)]
    public void However_many_there_are_the_sheet_can_be_looked_at(int images, int rows, int width, int height)
    {
        var sheet = new ContactSheet(images, rows, width, height);
        sheet.Put(images - 1, [.. Enumerable.Repeat(new RgbImage(width, height, new byte[3 * width * height]), rows)]);

        Assert.InRange(sheet.Image.Width, 1, 6000);
        Assert.InRange(sheet.Image.Height, 1, 6000);
        Assert.Contains((byte)0, sheet.Image.Pixels);
    }

    [Fact]
    public void Two_pictures_side_by_side_touch()
    {
        var pair = Mosaic.SideBySide(Plain(1), Plain(2));

        Assert.Equal((16, 8), (pair.Width, pair.Height));
        Assert.Equal([1, 2], (byte[])[pair.Pixels[3 * 7], pair.Pixels[3 * 8]]);
    }

    private static RgbImage Plain(byte level) => new(8, 8, [.. Enumerable.Repeat(level, 3 * 64)]);
}
