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

    /// <summary>Registers hold several pixels; whatever is left over at the end, and every byte in every place of one, must get the very bits of the definition.</summary>
    [Fact]
    public void Every_byte_gets_the_bits_of_the_definition_wherever_it_stands()
    {
        foreach (var input in (InputSpec[])[new(), new() { Mean = new(0.486, 0.459, 0.408), Deviation = new(1, 1, 1) }, new() { Mean = new(0.1, 0.9, 0.333333), Deviation = new(0.017, 3.3, 0.7) }])
        {
            var normalization = new Normalization(input);
            float[] means = [(float)input.Mean.Red, (float)input.Mean.Green, (float)input.Mean.Blue];
            float[] deviations = [(float)input.Deviation.Red, (float)input.Deviation.Green, (float)input.Deviation.Blue];
            foreach (var pixels in Enumerable.Range(1, 40).Append(257))
            {
                byte[] rgb = [.. Enumerable.Range(0, 3 * pixels).Select(at => (byte)((at / 3 * 211) + (at % 3 * 85) + pixels))];
                var planes = new float[rgb.Length];
                normalization.Apply(rgb, planes);

                var expected = Enumerable.Range(0, rgb.Length).Select(at => ((rgb[(at % pixels * 3) + (at / pixels)] / 255f) - means[at / pixels]) / deviations[at / pixels]);
                Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), planes.Select(BitConverter.SingleToInt32Bits));
            }
        }
    }

    [Fact]
    public void Refuses_a_target_of_another_size() => Assert.Throws<ArgumentOutOfRangeException>(() => new Normalization(new InputSpec()).Apply(new byte[6], new float[5]));
}
