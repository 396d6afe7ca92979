using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class RankLossTests : TorchTests
{
    /// <summary>Spec of MVD §16.</summary>
    [Fact]
    public void Gives_the_published_check_value()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(2.839830, new RankLoss(new RankSpec()).Of(ModalityCases.CheckInputs()).item<double>(), 1e-6);
    }

    [Fact]
    public void Equals_slow_loops_on_random_cases_with_lone_sets_and_lone_modalities()
    {
        var spec = new RankSpec { Margin = 0.4, CrossMargin = 0.3, Boundary = 1.2, CrossBoundary = 0.9 };
        for (var seed = 0; seed < 60; seed++)
        {
            using var scope = NewDisposeScope();
            var (rows, labels) = LossCases.Random(seed);
            var stream = ReidCloud.GpuRunner.Data.Seeding.Stream(seed, "test/modalities");
            bool[] infrared = [.. labels.Select(_ => stream.NextInt(2) == 1)];

            var terms = new RankLoss(spec).Terms_B(LossCases.Inputs(rows, labels) with { Infrared_B = tensor(infrared) }).data<double>().ToArray();

            Assert.Equal(Enumerable.Range(0, rows.Length).Select(anchor => Oracle(rows, labels, infrared, anchor, spec)), terms, (a, b) => Math.Abs(a - b) < 1e-9);
        }
    }

    [Fact]
    public void Without_knowing_what_saw_the_sets_it_says_so()
    {
        using var scope = NewDisposeScope();
        var fault = Assert.Throws<ArgumentException>(() => new RankLoss(new RankSpec()).Of(LossCases.Inputs([[0], [1]], [0, 1])));

        Assert.Contains("what saw each set", fault.Message);
    }

    private static double Oracle(double[][] rows, long[] labels, bool[] infrared, int anchor, RankSpec spec)
    {
        var points = Array.ConvertAll(rows, LossCases.Normalized);
        var loss = 0.0;
        foreach (var isCross in (bool[])[false, true])
        {
            var (boundary, margin) = isCross ? (spec.CrossBoundary, spec.CrossMargin) : (spec.Boundary, spec.Margin);
            var (drawn, positives, pushed, weights) = (0.0, 0, 0.0, 0.0);
            for (var other = 0; other < rows.Length; other++)
            {
                var distance = Math.Sqrt(Math.Max(1e-12, points[anchor].Zip(points[other], (a, b) => (a - b) * (a - b)).Sum()));
                if (other == anchor || (infrared[other] != infrared[anchor]) != isCross)
                {
                    continue;
                }

                if (labels[other] == labels[anchor])
                {
                    drawn += Math.Max(0, distance + margin - boundary);
                    positives++;
                }
                else if (distance < boundary)
                {
                    pushed += (boundary - distance) * Math.Exp(boundary - distance);
                    weights += Math.Exp(boundary - distance);
                }
            }

            loss += (drawn / (positives + 1e-5)) + (pushed / (weights + 1e-5));
        }

        return loss;
    }
}
