using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Explanation;

namespace ReidCloud.Tests.GpuRunner.Explanation;

public sealed class OverlayTests
{
    private static readonly RgbImage Grey = new(3, 1, [100, 100, 100, 100, 100, 100, 100, 100, 100]);

    /// <summary>0.6 · 100 = 60, and 0.4 · 255 · the color: dark blue, the middle's green, dark red.</summary>
    [Fact]
    public void Mixes_six_parts_of_the_picture_with_four_of_the_color()
    {
        float[] map = [-2, 0, 2];

        var overlay = Overlay.Draw(Grey, map, MapRange.Of(map));

        Assert.Equal([60, 60, 111, 110, 162, 109, 111, 60, 60], overlay.Pixels);
        Assert.Equal((3, 1), (overlay.Width, overlay.Height));
    }

    [Fact]
    public void Two_maps_scaled_jointly_can_be_compared()
    {
        float[] weak = [0, 0, 1];
        float[] strong = [0, 1, 2];
        var joint = MapRange.Of(weak, strong);

        var (left, right) = (Overlay.Draw(Grey, weak, joint), Overlay.Draw(Grey, strong, joint));

        Assert.Equal(new MapRange(0, 2), joint);
        Assert.Equal(right.Pixels[3..6], left.Pixels[6..9]);
        Assert.NotEqual(left.Pixels[6..9], Overlay.Draw(Grey, weak, MapRange.Of(weak)).Pixels[6..9]);
    }

    [Fact]
    public void A_map_without_relief_is_the_lowest_color_everywhere()
    {
        float[] map = [0.5f, 0.5f, 0.5f];

        Assert.Equal([60, 60, 111, 60, 60, 111, 60, 60, 111], Overlay.Draw(Grey, map, MapRange.Of(map)).Pixels);
    }

    [Fact]
    public void A_map_of_another_size_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Overlay.Draw(Grey, [1, 2], new MapRange(0, 1)));
}
