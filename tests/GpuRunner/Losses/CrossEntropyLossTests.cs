using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class CrossEntropyLossTests : TorchTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(1)]
    public void Equals_slow_loops(double smoothing)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var scope = NewDisposeScope();
            var rows = LossCases.RandomRows(seed, 5, 4);
            long[] labels = [0, 3, 2, 2, 1];

            var terms = new CrossEntropyLoss(new CrossEntropySpec { LabelSmoothing = smoothing }).Terms_B(LossCases.Inputs(rows, labels)).data<double>().ToArray();

            Assert.Equal(rows.Select((row, i) => Oracle(row, labels[i], smoothing)), terms, (a, b) => Math.Abs(a - b) < 1e-9);
        }
    }

    private static double Oracle(double[] logits, long label, double smoothing)
    {
        var probabilities = LossCases.Softmax(logits);
        var others = smoothing / logits.Length;
        return -probabilities.Select((p, k) => (k == label ? 1 - ((logits.Length - 1) * others) : others) * Math.Log(p)).Sum();
    }
}
