using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

/// <summary>The three mutual losses against their sums over pairs of sets and over the other peers.</summary>
public sealed class MutualLossTests : TorchTests
{
    private const int Sets = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Probabilities_diverge_by_the_sum_over_classes_and_the_mean_over_sets_and_peers(int others)
    {
        using var scope = NewDisposeScope();
        var (own, theirs) = Cases(others);

        var loss = new MutualProbabilityLoss().Of(Inputs(own, theirs)).item<double>();

        var expected = theirs.Average(other => own.Zip(other).Average(pair =>
        {
            var (p, q) = (LossCases.Softmax(pair.First), LossCases.Softmax(pair.Second));
            return q.Zip(p, (to, from) => to * Math.Log(to / from)).Sum();
        }));
        Assert.Equal(expected, loss, 1e-9);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public void Distances_differ_by_the_mean_over_all_pairs_of_sets_and_peers(int others, bool normalize)
    {
        using var scope = NewDisposeScope();
        var (own, theirs) = Cases(others);

        var loss = new MutualDistanceLoss(new MutualDistanceSpec { Normalize = normalize }).Of(Inputs(own, theirs)).item<double>();

        Assert.Equal(theirs.Average(other => Pairs().Average(pair => Math.Pow(Distance(own, pair) - Distance(other, pair), 2))), loss, 1e-9);

        double Distance(double[][] rows, (int A, int B) pair)
        {
            var points = normalize ? Array.ConvertAll(rows, LossCases.Normalized) : rows;
            return Math.Sqrt(Math.Max(1e-12, points[pair.A].Zip(points[pair.B], (a, b) => (a - b) * (a - b)).Sum()));
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public void So_do_local_distances(int others, bool normalize)
    {
        using var scope = NewDisposeScope();
        var (rows, _) = Cases(0);
        double[][][][] stripes = [.. Enumerable.Range(0, 1 + others).Select(peer => LocalCases.Stripes(peer, Sets, 3, 2))];
        var inputs = Inputs(rows, []) with
        {
            Local_BHC = LocalCases.Tensor(stripes[0]),
            Peers = [.. stripes[1..].Select(other => new PeerOutput(LossCases.Rows(rows), LossCases.Rows(rows), LocalCases.Tensor(other)))],
        };

        var loss = new MutualLocalDistanceLoss(new MutualLocalDistanceSpec { Normalize = normalize }).Of(inputs).item<double>();

        Assert.Equal(stripes[1..].Average(other => Pairs().Average(pair => Math.Pow(Distance(stripes[0], pair) - Distance(other, pair), 2))), loss, 1e-9);

        double Distance(double[][][] images, (int A, int B) pair)
        {
            var prepared = normalize ? Array.ConvertAll(images, image => Array.ConvertAll(image, LossCases.Normalized)) : images;
            return LocalCases.Distance(prepared[pair.A], prepared[pair.B]);
        }
    }

    [Fact]
    public void Without_other_peers_there_is_nothing_to_compare_with()
    {
        using var scope = NewDisposeScope();
        var fault = Assert.Throws<ArgumentException>(() => new MutualProbabilityLoss().Of(LossCases.Inputs([[0], [1]], [0, 1])));

        Assert.Contains("other peers", fault.Message);
    }

    /// <summary>Of sure peers, too: no class has a logarithm of 0.</summary>
    [Fact]
    public void Peers_that_are_sure_of_different_classes_have_a_finite_loss()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs([[1000, 0]], [[[0, 1000]]]);

        Assert.Equal(1000, new MutualProbabilityLoss().Of(inputs).item<double>(), 1e-6);
    }

    private static (double[][] Own, double[][][] Others) Cases(int others) =>
        (LossCases.RandomRows(1, Sets, 4), [.. Enumerable.Range(2, others).Select(seed => LossCases.RandomRows(seed, Sets, 4))]);

    private static LossInputs Inputs(double[][] own, double[][][] others) => LossCases.Inputs(own, new long[own.Length]) with
    {
        Peers = [.. others.Select(LossCases.Rows).Select(rows => new PeerOutput(rows, rows, null))],
    };

    private static IEnumerable<(int A, int B)> Pairs() => Enumerable.Range(0, Sets).SelectMany(a => Enumerable.Range(0, Sets).Select(b => (a, b)));
}
