using ReidCloud.GpuRunner.Alignment;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Tests.GpuRunner.Losses;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Alignment;

/// <summary>Against the recursion as it is written down, one pair at a time.</summary>
public sealed class LocalDistanceTests : TorchTests
{
    [Fact]
    public void Equals_the_recursion_of_each_pair_on_random_cases_with_ties_and_single_stripes()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            using var scope = NewDisposeScope();
            var stream = Seeding.Stream(seed, "test/stripes");
            var (h, g, channels) = (1 + stream.NextInt(5), 1 + stream.NextInt(5), 1 + stream.NextInt(3));
            var (x, y) = (LocalCases.Stripes(seed, 1 + stream.NextInt(4), h, channels), LocalCases.Stripes(seed + 1000, 1 + stream.NextInt(4), g, channels));

            var distances = LocalDistance.Between(LocalCases.Tensor(x), LocalCases.Tensor(y)).data<double>().ToArray();

            Assert.Equal(x.SelectMany(a => y.Select(b => LocalCases.Distance(a, b))), distances, (a, b) => Math.Abs(a - b) < 1e-9);
            var count = Math.Min(x.Length, y.Length);
            Assert.Equal(
                x.Zip(y, LocalCases.Distance),
                LocalDistance.OfPairs(LocalCases.Tensor(x[..count]), LocalCases.Tensor(y[..count])).data<double>().ToArray(),
                (a, b) => Math.Abs(a - b) < 1e-9);
        }
    }

    /// <summary>The reference's own form, (e^d − 1) / (e^d + 1), is no number beyond 88.</summary>
    [Fact]
    public void Stripes_that_are_far_apart_have_a_distance_and_a_gradient()
    {
        using var scope = NewDisposeScope();
        var x_NHC = (ones(2, 3, 4) * 1e4).requires_grad_();
        var y_NHC = zeros(2, 3, 4);

        var distance_N = LocalDistance.OfPairs(x_NHC, y_NHC);
        distance_N.sum().backward();

        Assert.Equal([5f, 5f], distance_N.data<float>().ToArray());
        Assert.True(x_NHC.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void An_image_is_not_at_distance_zero_from_itself_and_its_own_stripes_push_nothing()
    {
        using var scope = NewDisposeScope();
        var x_NHC = tensor(new[] { 0.0, 1.0 }, [1, 2, 1]).requires_grad_();

        var distance_NN = LocalDistance.Between(x_NHC, x_NHC);
        distance_NN.sum().backward();

        Assert.Equal(Math.Tanh(0.5) + (2 * Math.Tanh(5e-7)), distance_NN.item<double>(), 1e-9);
        Assert.True(x_NHC.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void Near_stripes_keep_their_digits_in_single_precision()
    {
        using var scope = NewDisposeScope();
        var x_NHC = ones(1, 1, 4) * 100;
        var y_NHC = x_NHC.clone();
        y_NHC[0, 0, 0] += 1e-3;

        var apart = (double)(100.001f - 100f);
        Assert.Equal(Math.Tanh(apart / 2), LocalDistance.OfPairs(x_NHC, y_NHC).item<float>(), 1e-8);
    }
}
