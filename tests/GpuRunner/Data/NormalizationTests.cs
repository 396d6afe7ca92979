using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class NormalizationTests
{
    [Fact]
    public void Separates_the_colors_and_scales_each_by_its_own_numbers()
    {
        var planes = new float[6];
        new Normalization(new InputSpec()).Apply([0, 128, 255, 255, 0, 51], planes);

        Assert.Equal(
            [-0.485f / 0.229f, (1 - 0.485f) / 0.229f, ((128 / 255f) - 0.456f) / 0.224f, -0.456f / 0.224f, (1 - 0.406f) / 0.225f, (0.2f - 0.406f) / 0.225f],
            planes);
    }

    [Fact]
    public void Has_the_numbers_that_the_spec_gives()
    {
        var planes = new float[3];
        new Normalization(new InputSpec { Mean = new(0.486, 0.459, 0.408), Deviation = new(0.5, 0.25, 1) }).Apply([0, 255, 51], planes);

        Assert.Equal([-0.486f / 0.5f, (1 - 0.459f) / 0.25f, 0.2f - 0.408f], planes);
    }

    [Fact]
    public void Refuses_a_target_of_another_size() => Assert.Throws<ArgumentOutOfRangeException>(() => new Normalization(new InputSpec()).Apply(new byte[6], new float[5]));
}
