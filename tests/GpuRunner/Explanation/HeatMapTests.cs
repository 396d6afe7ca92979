using ReidCloud.GpuRunner.Explanation;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Explanation;

/// <summary>Frames here are 16 wide and 32 high; in a square letterbox of 48 they are 24 wide, 12 from the left.</summary>
public sealed class HeatMapTests : TorchTests
{
    private const int FrameWidth = 16;
    private const int FrameHeight = 32;

    private static readonly InputSpec Boxed = new(48, 48) { Fit = ResizeFit.Letterbox };
    private static readonly InputSpec Squashed = new(64, 40);

    [Fact]
    public void Padding_that_only_one_network_saw_is_left_behind()
    {
        var map = Map(Boxed, (x, _) => x is >= 12 and < 36 ? 1 : 7);

        var shown = map.On(Squashed, FrameWidth, FrameHeight);

        Assert.Equal(Squashed, shown.Seen);
        Assert.Equal(Enumerable.Repeat(1f, 64 * 40), shown.Values);
    }

    [Fact]
    public void Over_padding_that_a_network_did_not_see_there_is_nothing()
    {
        var map = Map(Squashed, (_, _) => 3);

        var shown = map.On(Boxed, FrameWidth, FrameHeight);

        Assert.Equal(Map(Boxed, (x, _) => x is >= 12 and < 36 ? 3 : 0).Values, shown.Values);
    }

    [Fact]
    public void What_lies_over_the_legs_stays_there()
    {
        var map = Map(Squashed, (_, y) => y >= 32 ? 1 : 0);

        var shown = map.On(new InputSpec(32, 20), FrameWidth, FrameHeight);

        Assert.Equal(Map(new InputSpec(32, 20), (_, y) => y >= 16 ? 1 : 0).Values, shown.Values);
    }

    private static HeatMap Map(InputSpec input, Func<int, int, float> value) => new(
        input, [.. Enumerable.Range(0, input.Height).SelectMany(y => Enumerable.Range(0, input.Width).Select(x => value(x, y)))], false);
}
