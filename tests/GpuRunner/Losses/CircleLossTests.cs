using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class CircleLossTests : TorchTests
{
    [Theory]
    [InlineData(0.25, 1)]
    [InlineData(0.4, 8)]
    public void Equals_equation_6_on_random_cases_with_ties_and_lone_sets(double margin, double scale)
    {
        var loss = new CircleLoss(new CircleSpec { Margin = margin, Scale = scale });
        for (var seed = 0; seed < 60; seed++)
        {
            using var scope = NewDisposeScope();
            var (rows, labels) = LossCases.Random(seed);

            var terms = loss.Terms_B(LossCases.Inputs(rows, labels)).data<double>().ToArray();

            var expected = Enumerable.Range(0, rows.Length).Select(anchor => Oracle(rows, labels, anchor, margin, scale));
            Assert.Equal(expected, terms, (a, b) => Math.Abs(a - b) < 1e-8);
        }
    }

    /// <summary>The published gradient of a similarity has its weight as a factor, not the weight's own slope.</summary>
    [Fact]
    public void Weights_of_pairs_are_constants()
    {
        const double Margin = 0.25, Scale = 2;
        using var scope = NewDisposeScope();
        var inputs = LossCases.Inputs([[1, 0], [0.6, 0.8], [-0.8, 0.6]], [0, 0, 1], requiresGrad: true);

        new CircleLoss(new CircleSpec { Margin = Margin, Scale = Scale }).Terms_B(inputs)[0].backward();

        // Cosines from the first set: 0.6 to its equal and -0.8 to the other, which is beyond its optimum and weighs nothing.
        var exponent = -Scale * (1 + Margin - 0.6) * (0.6 - 1 + Margin);
        var slope = -Scale * (1 + Margin - 0.6) / (1 + Math.Exp(-exponent));
        var gradient = inputs.Embedding_BD.grad!.data<double>().ToArray();
        Assert.Equal([0, slope * 0.8, slope * (1 - 0.36), slope * -0.48, 0, 0], gradient, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Neither_overflows_nor_loses_the_gradient_at_the_published_scale()
    {
        using var scope = NewDisposeScope();
        var rows_BD = tensor(new[] { 1f, 0, -1, 0, 1, 1e-4f }, [3, 2]).requires_grad_();

        var terms_B = new CircleLoss(new CircleSpec()).Terms_B(new LossInputs(rows_BD, rows_BD, tensor(new long[] { 0, 0, 1 })));
        terms_B.sum().backward();

        Assert.True(terms_B.isfinite().all().item<bool>());
        Assert.True(rows_BD.grad!.isfinite().all().item<bool>());
        Assert.Equal([true, true, false], terms_B.data<float>().ToArray().Select(term => term > 1));
    }

    private static double Oracle(double[][] rows, long[] labels, int anchor, double margin, double scale)
    {
        var points = Array.ConvertAll(rows, LossCases.Normalized);
        var (positives, negatives) = (0.0, 0.0);
        for (var other = 0; other < rows.Length; other++)
        {
            var cosine = points[anchor].Zip(points[other], (a, b) => a * b).Sum();
            if (labels[other] != labels[anchor])
            {
                negatives += Math.Exp(scale * Math.Max(0, cosine + margin) * (cosine - margin));
            }
            else if (other != anchor)
            {
                positives += Math.Exp(-scale * Math.Max(0, 1 + margin - cosine) * (cosine - 1 + margin));
            }
        }

        return Math.Log(1 + (positives * negatives));
    }
}
