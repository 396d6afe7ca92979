using ReidCloud.GpuRunner.Alignment;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Tests.Testing;
using TorchSharp;
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
            var (x, y) = (Stripes(stream, 1 + stream.NextInt(4), h, channels), Stripes(stream, 1 + stream.NextInt(4), g, channels));

            var distances = LocalDistance.Between(Tensor(x), Tensor(y)).data<double>().ToArray();

            Assert.Equal(x.SelectMany(a => y.Select(b => Oracle(a, b))), distances, (a, b) => Math.Abs(a - b) < 1e-9);
            var count = Math.Min(x.Length, y.Length);
            Assert.Equal(
                x.Zip(y, Oracle),
                LocalDistance.OfPairs(Tensor(x[..count]), Tensor(y[..count])).data<double>().ToArray(),
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

    private static double[][][] Stripes(RandomStream stream, int images, int stripes, int channels) =>
        [.. Enumerable.Range(0, images).Select(_ => Enumerable.Range(0, stripes).Select(_ => Enumerable.Range(0, channels).Select(_ => (double)(stream.NextInt(4) - 1)).ToArray()).ToArray())];

    private static Tensor Tensor(double[][][] stripes) =>
        tensor([.. stripes.SelectMany(image => image).SelectMany(stripe => stripe)], [stripes.Length, stripes[0].Length, stripes[0][0].Length]);

    private static double Oracle(double[][] x, double[][] y)
    {
        return Least(x.Length - 1, y.Length - 1);

        double Cell(int i, int j) => Math.Tanh(Math.Sqrt(Math.Max(1e-12, x[i].Zip(y[j], (a, b) => (a - b) * (a - b)).Sum())) / 2);

        double Least(int i, int j) => Cell(i, j) + ((i, j) switch
        {
            (0, 0) => 0,
            (0, _) => Least(0, j - 1),
            (_, 0) => Least(i - 1, 0),
            _ => Math.Min(Least(i - 1, j), Least(i, j - 1)),
        });
    }
}
