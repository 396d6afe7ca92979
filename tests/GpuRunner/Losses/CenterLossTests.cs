using ReidCloud.GpuRunner.Training;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class CenterLossTests : TorchTests
{
    /// <summary>By the published rule, one center at a time; a weight moves the model alone.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5e-4)]
    public void Centers_follow_their_sets_whatever_the_weight(double weight)
    {
        const double Rate = 0.5;
        using var scope = NewDisposeScope();
        using var losses = new WeightedLosses([new CenterSpec { Weight = weight, LearningRate = Rate }], identities: 3, featureDim: 2);
        long[] labels = [0, 0, 2, 0];
        var centers = new double[3][] { [0, 0], [0, 0], [0, 0] };
        for (var step = 0; step < 4; step++)
        {
            var rows = LossCases.RandomRows(step, labels.Length, 2);

            var (terms, total) = losses.Of(LossCases.Inputs(rows, labels));
            total.backward();
            losses.Step();

            var expected = rows.Zip(labels, (row, label) => row.Zip(centers[label], (x, c) => (x - c) * (x - c)).Sum()).Average();
            Assert.Equal(expected, terms[0].Value.item<double>(), 1e-5);
            Assert.Equal(weight * expected, total.item<double>(), 1e-5);
            centers = [.. centers.Select((center, label) => center.Select((c, k) =>
                c - (Rate * rows.Zip(labels).Where(set => set.Second == label).Sum(set => 2 * (c - set.First[k]) / labels.Length))).ToArray())];
        }

        var (name, value) = Assert.Single(losses.State());
        Assert.Equal("center.centers", name);
        Assert.Equal(centers.SelectMany(center => center), value.data<float>().ToArray().Select(number => (double)number), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal([0, 0], centers[1]);
    }

    [Fact]
    public void An_embedding_is_drawn_to_its_center()
    {
        using var scope = NewDisposeScope();
        using var loss = new CenterLoss(new CenterSpec(), identities: 2, featureDim: 2);
        var inputs = LossCases.Inputs([[1, -2], [3, 0]], [0, 1], requiresGrad: true);

        loss.Of(inputs).backward();

        Assert.Equal([1, -2, 3, 0], inputs.Embedding_BD.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Centers_go_where_the_model_goes()
    {
        using var scope = NewDisposeScope();
        using var loss = new CenterLoss(new CenterSpec(), identities: 2, featureDim: 2);
        loss.MoveTo(CPU);

        Assert.True(loss.Learned.Value.requires_grad);
        Assert.Equal(CPU.type, loss.Learned.Value.device_type);
        Assert.Equal([0f, 0f, 0f, 0f], loss.Learned.Value.data<float>().ToArray());
    }
}
