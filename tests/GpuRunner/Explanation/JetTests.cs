using ReidCloud.GpuRunner.Explanation;

namespace ReidCloud.Tests.GpuRunner.Explanation;

public sealed class JetTests
{
    /// <summary>What matplotlib answers to `cm.jet(value)`.</summary>
    [Theory]
    [InlineData(0, 0, 0, 0.5)]
    [InlineData(0.25, 0, 0.503922, 1)]
    [InlineData(0.5, 0.490196, 1, 0.477546)]
    [InlineData(0.75, 1, 0.581699, 0)]
    [InlineData(1, 0.5, 0, 0)]
    [InlineData(-3, 0, 0, 0.5)]
    [InlineData(3, 0.5, 0, 0)]
    public void Has_matplotlibs_colors(float value, float red, float green, float blue)
    {
        var color = Jet.Of(value);

        Assert.Equal(red, color.Red, 5e-6f);
        Assert.Equal(green, color.Green, 5e-6f);
        Assert.Equal(blue, color.Blue, 5e-6f);
    }
}
