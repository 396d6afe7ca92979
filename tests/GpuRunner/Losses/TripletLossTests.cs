using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class TripletLossTests : TorchTests
{
    /// <summary>Worked by hand: spec of VKD §4.6.</summary>
    [Fact]
    public void Gives_the_published_check_value()
    {
        using var scope = NewDisposeScope();
        var inputs = LossCases.Inputs([[0], [1], [3], [5]], [0, 0, 1, 1]);

        var terms = new TripletLoss(new TripletSpec()).Terms_B(inputs).data<double>().ToArray();

        Assert.Equal([0.126928, 0.313262, 0.693147, 0.126928], terms, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData(0.3, false)]
    [InlineData(0.3, true)]
    public void Equals_slow_loops_on_random_cases_with_ties_and_lone_sets(double? margin, bool normalize)
    {
        var loss = new TripletLoss(new TripletSpec { Margin = margin, Normalize = normalize });
        for (var seed = 0; seed < 60; seed++)
        {
            using var scope = NewDisposeScope();
            var (rows, labels) = LossCases.Random(seed);

            var terms = loss.Terms_B(LossCases.Inputs(rows, labels)).data<double>().ToArray();

            var expected = Enumerable.Range(0, rows.Length).Select(anchor => Oracle(rows, labels, anchor, margin, normalize));
            Assert.Equal(expected, terms, (a, b) => Math.Abs(a - b) < 1e-9);
        }
    }

    [Fact]
    public void Of_equal_distances_the_first_takes_the_whole_gradient()
    {
        using var scope = NewDisposeScope();
        var inputs = LossCases.Inputs([[0, 0], [1, 0], [-1, 0], [0, 3], [0, -3]], [0, 0, 0, 1, 1], requiresGrad: true);

        new TripletLoss(new TripletSpec { Margin = 10 }).Terms_B(inputs)[0].backward();

        var gradient = inputs.Embedding_BD.grad!.data<double>().ToArray();
        Assert.Equal([-1, 1, 1, 0, 0, 0, 0, -1, 0, 0], gradient, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Does_not_overflow_where_the_literal_form_does()
    {
        using var scope = NewDisposeScope();
        var inputs = LossCases.Inputs([[0], [2000], [1]], [0, 0, 1]);

        Assert.Equal(1999, new TripletLoss(new TripletSpec()).Terms_B(inputs).data<double>()[0], 1e-6);
    }

    private static double Oracle(double[][] rows, long[] labels, int anchor, double? margin, bool normalize)
    {
        var points = normalize ? Array.ConvertAll(rows, LossCases.Normalized) : rows;
        var (positive, negative) = (0.0, double.PositiveInfinity);
        for (var other = 0; other < rows.Length; other++)
        {
            var distance = Math.Sqrt(points[anchor].Zip(points[other], (a, b) => (a - b) * (a - b)).Sum() + 1e-12);
            if (labels[other] != labels[anchor])
            {
                negative = Math.Min(negative, distance);
            }
            else
            {
                negative = Math.Min(negative, distance + 1e5);
                positive = other == anchor ? positive : Math.Max(positive, distance);
            }
        }

        return margin is { } wide ? Math.Max(0, positive - negative + wide) : Math.Log(1 + Math.Exp(positive - negative));
    }
}
