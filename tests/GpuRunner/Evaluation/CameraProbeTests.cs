using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Tests.Testing;
using TorchSharp;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

public sealed class CameraProbeTests : TorchTests
{
    private const int Dimensions = 12;
    private static readonly IReadOnlyList<Camera> Cameras = [new("north"), new("south"), new("east")];

    [Fact]
    public void A_camera_that_shifts_every_embedding_is_read_off_identities_never_seen()
    {
        var (bias, warning) = Measure(Items(40, shift: 3));

        Assert.Null(warning);
        Assert.Equal((3, 1.0 / 3), (bias!.Cameras, bias.Chance));
        Assert.Equal(40 * 3 * 2, bias.TrainedOn + bias.TestedOn);
        Assert.InRange(bias.BalancedAccuracy, 0.97, 1);
    }

    [Fact]
    public void A_modality_that_shifts_every_embedding_is_read_off_identities_never_seen()
    {
        var items = Items(40, shift: 3);
        using var embedded = Embedded(items);

        var (bias, warning) = CameraProbe.MeasureModality(embedded, [new("north"), new("south", Modality.Infrared), new("east")], 1, CancellationToken.None);
        var (none, why) = CameraProbe.MeasureModality(embedded, Cameras, 1, CancellationToken.None);

        Assert.Null(warning);
        Assert.Equal(items.Count, bias!.TrainedOn + bias.TestedOn);
        Assert.InRange(bias.BalancedAccuracy, 0.97, 1);
        Assert.Null(none);
        Assert.Contains("modality bias is not measured: the queries and the gallery were seen by 1 modality", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_that_do_not_know_the_camera_give_what_guessing_gives() =>
        Assert.InRange(Measure(Items(200, shift: 0)).Bias!.BalancedAccuracy, 0.26, 0.41);

    [Fact]
    public void A_camera_with_most_of_the_items_does_not_raise_the_figure()
    {
        // Eight of ten items are of the first camera: who always says so is right eight times of ten.
        var items = Items(200, shift: 0).Where((item, i) => item.Sighting.Camera == 0 || i % 8 == item.Sighting.Identity % 8).ToList();
        Assert.InRange(items.Count(item => item.Sighting.Camera == 0) / (double)items.Count, 0.75, 0.85);

        Assert.InRange(Measure(items).Bias!.BalancedAccuracy, 0.22, 0.45);
    }

    [Fact]
    public void The_order_of_the_items_does_not_matter()
    {
        var items = Items(60, shift: 0.6);
        var order = Seeding.Stream(9, "test").Permutation(items.Count);

        var (one, other) = (Measure(items).Bias!, Measure([.. order.Select(place => items[place])]).Bias!);

        Assert.InRange(one.BalancedAccuracy, 0.5, 0.95);
        Assert.Equal(one.BalancedAccuracy, other.BalancedAccuracy, 1e-9);
        Assert.Equal((one.TrainedOn, one.TestedOn), (other.TrainedOn, other.TestedOn));
    }

    [Fact]
    public void Distractors_are_left_out()
    {
        var items = Items(40, shift: 3);

        Assert.Equal(Measure(items).Bias, Measure([.. items, .. items.Select(item => item with { Sighting = new Sighting(Tracklet.Distractor, 2) })]).Bias);
    }

    [Fact]
    public void One_camera_gives_no_figure_but_the_reason()
    {
        var (bias, warning) = Measure([.. Items(10, shift: 1).Where(item => item.Sighting.Camera == 0)]);

        Assert.Null(bias);
        Assert.Contains("seen by 1 camera", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_camera_that_one_half_of_the_identities_never_met_gives_no_figure_but_its_name()
    {
        var (bias, warning) = Measure([.. Items(10, shift: 1).Where(item => item.Sighting.Camera != 1 || item.Sighting.Identity == 3)]);

        Assert.Null(bias);
        Assert.Contains("nobody was seen by camera south", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fit_has_no_gradient_left()
    {
        using var scope = torch.NewDisposeScope();
        var random = Seeding.Stream(4, "test");
        const int Items = 50;
        var rows = Enumerable.Range(0, Items * 3).Select(_ => random.NextDouble(-1, 1)).ToArray();
        long[] classes = [.. Enumerable.Range(0, Items).Select(item => rows[item * 3] + random.NextDouble(-1, 1) > 0.3 ? 1L : 0)];
        using var fitted = LogisticRegression.Fit(torch.tensor(rows, [Items, 3]), classes, 2, 0.01, CancellationToken.None);

        // By hand: two classes are one logistic function of the difference of their parameters.
        var best = Enumerable.Range(0, 4).Select(_ => 0.0).ToArray();
        for (var step = 0; step < 20_000; step++)
        {
            var slope = new double[4];
            for (var item = 0; item < Items; item++)
            {
                double[] x = [.. rows.AsSpan(item * 3, 3), 1];
                var excess = (1 / (1 + Math.Exp(-x.Zip(best, (a, b) => a * b).Sum()))) - classes[item];
                var weight = 0.5 / classes.Count(other => other == classes[item]);
                for (var d = 0; d < 4; d++)
                {
                    slope[d] += excess * weight * x[d];
                }
            }

            for (var d = 0; d < 4; d++)
            {
                // Each of the two classes has half the difference, so the penalty on both is half of it on the difference.
                best[d] -= 2 * (slope[d] + (d < 3 ? 0.005 * best[d] : 0));
            }
        }

        Assert.True(fitted.Converged);
        Assert.Equal(best, fitted.Difference(), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    private static (ReidCloud.Reports.CameraBias? Bias, string? Warning) Measure(IReadOnlyList<(float[] Embedding, Sighting Sighting)> items)
    {
        using var embedded = Embedded(items);
        return CameraProbe.Measure(embedded, Cameras, 1, CancellationToken.None);
    }

    private static EmbeddingSet Embedded(IReadOnlyList<(float[] Embedding, Sighting Sighting)> items) =>
        new(torch.tensor(items.SelectMany(item => item.Embedding).ToArray(), [items.Count, Dimensions]), [.. items.Select(item => item.Sighting)]);

    /// <summary>Two noisy embeddings of each identity in each camera; the camera moves three of the numbers.</summary>
    private static List<(float[] Embedding, Sighting Sighting)> Items(int identities, double shift)
    {
        var random = Seeding.Stream(2, "test");
        var items = new List<(float[], Sighting)>();
        for (var identity = 0; identity < identities; identity++)
        {
            var own = Enumerable.Range(0, Dimensions).Select(_ => random.NextDouble(-1, 1)).ToArray();
            for (var item = 0; item < 6; item++)
            {
                var camera = item % 3;
                items.Add((
                    [.. own.Select((value, d) => (float)(value + random.NextDouble(-0.5, 0.5) + (d < 3 && d == camera ? shift : 0)))],
                    new Sighting(identity, camera)));
            }
        }

        return items;
    }
}
