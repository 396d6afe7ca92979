using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class LocalTripletLossTests : TorchTests
{
    private const int Height = 3;
    private const int Channels = 2;

    [Theory]
    [InlineData(TripletMining.Own, false)]
    [InlineData(TripletMining.Own, true)]
    [InlineData(TripletMining.Global, false)]
    [InlineData(TripletMining.Global, true)]
    public void Equals_slow_loops_on_random_cases_with_ties_lone_sets_and_one_identity(TripletMining mining, bool normalize)
    {
        var loss = new LocalTripletLoss(new LocalTripletSpec { Mining = mining, Normalize = normalize });
        for (var seed = 0; seed < 60; seed++)
        {
            using var scope = NewDisposeScope();
            var (rows, labels) = LossCases.Random(seed);

            // What was a tie may be none after a division.
            rows = normalize ? LossCases.RandomRows(seed, rows.Length, 3) : rows;
            var stripes = LocalCases.Stripes(seed, rows.Length, Height, Channels);

            var terms = loss.Terms_B(LossCases.Inputs(rows, labels) with { Local_BHC = LocalCases.Tensor(stripes) }).data<double>().ToArray();

            var expected = Enumerable.Range(0, rows.Length).Select(anchor => Oracle(stripes, rows, labels, anchor, mining, normalize));
            Assert.Equal(expected, terms, (a, b) => Math.Abs(a - b) < 1e-9);
        }
    }

    /// <summary>Its stripes differ, so it is not at distance 0 from itself.</summary>
    [Fact]
    public void A_set_without_an_equal_is_its_own_farthest_positive()
    {
        using var scope = NewDisposeScope();
        var local_BHC = tensor(new double[] { 0, 9, 90, 90 }, [2, 2, 1]);

        var (positive_B, _) = LocalTripletLoss.Hardest(local_BHC, tensor(new long[] { 0, 1 }));

        Assert.Equal(Math.Tanh(4.5) + (2 * Math.Tanh(5e-7)), positive_B[0].item<double>(), 1e-9);
    }

    [Fact]
    public void Global_distances_choose_and_only_stripes_learn()
    {
        using var scope = NewDisposeScope();
        var local_BHC = LocalCases.Tensor(LocalCases.Stripes(5, 4, Height, Channels)).requires_grad_();
        var inputs = LossCases.Inputs([[0], [1], [2], [3]], [0, 0, 1, 1], requiresGrad: true) with { Local_BHC = local_BHC };

        new LocalTripletLoss(new LocalTripletSpec { Margin = 10 }).Of(inputs).backward();

        Assert.Null(inputs.Embedding_BD.grad);
        Assert.True(local_BHC.grad!.abs().sum().item<double>() > 0);
    }

    [Fact]
    public void A_model_without_stripes_is_a_mistake_that_says_so()
    {
        using var scope = NewDisposeScope();
        var fault = Assert.Throws<ArgumentException>(() => new LocalTripletLoss(new LocalTripletSpec()).Of(LossCases.Inputs([[0], [1]], [0, 1])));

        Assert.Contains("no local branch", fault.Message);
    }

    private static double Oracle(double[][][] stripes, double[][] rows, long[] labels, int anchor, TripletMining mining, bool normalize)
    {
        if (labels.All(label => label == labels[anchor]))
        {
            return 0;
        }

        var prepared = normalize ? Array.ConvertAll(stripes, image => Array.ConvertAll(image, LossCases.Normalized)) : stripes;
        var points = normalize ? Array.ConvertAll(rows, LossCases.Normalized) : rows;
        double Local(int other) => LocalCases.Distance(prepared[anchor], prepared[other]);
        double Global(int other) => Math.Sqrt(Math.Max(1e-12, points[anchor].Zip(points[other], (a, b) => (a - b) * (a - b)).Sum()));
        Func<int, double> by = mining == TripletMining.Own ? Local : Global;
        var all = Enumerable.Range(0, rows.Length).ToList();
        var positive = all.Where(other => labels[other] == labels[anchor]).MaxBy(by);
        var negative = all.Where(other => labels[other] != labels[anchor]).MinBy(by);
        return Math.Max(0, Local(positive) - Local(negative) + 0.3);
    }
}
