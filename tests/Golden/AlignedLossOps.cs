using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>AlignedReID's losses and their gradients, by the product's losses.</summary>
internal static class AlignedLossOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> Global(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        var loss = new TripletLoss(new TripletSpec { Margin = Margin(given), Normalize = given.Flag("normalize") });
        var (features, labels) = (GoldenTensors.Of(given["features"]).requires_grad_(), GoldenTensors.Of(given["labels"]));
        var value = loss.Of(new LossInputs(features, features, labels));
        value.backward();
        var distances = loss.Distances(features);
        var pairs = HardestPairs.Of(distances, labels, withItself: false);
        return new Dictionary<string, GoldenTensor>
        {
            ["loss"] = GoldenTensors.From(value.view(1)),
            ["grad"] = GoldenTensors.From(features.grad!),
            ["dist_ap"] = GoldenTensors.From(pairs.Positive_B),
            ["dist_an"] = GoldenTensors.From(pairs.Negative_B),
            ["p_inds"] = GoldenTensors.From(pairs.PositiveIndex_B),
            ["n_inds"] = GoldenTensors.From(pairs.NegativeIndex_B),
            ["dist_mat"] = GoldenTensors.From(WithoutDiagonal(distances)),
        };
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Local(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        var (features, labels) = (GoldenTensors.Of(given["features"]).requires_grad_(), GoldenTensors.Of(given["labels"]));
        var stripes = UnitLength.Of(features, given.Flag("normalize"));
        var results = new Dictionary<string, GoldenTensor>();
        Tensor positive, negative;
        if (given.Flag("own_hard_sample"))
        {
            (positive, negative) = LocalTripletLoss.Hardest(stripes, labels);
            results["dist_mat"] = GoldenTensors.From(WithoutDiagonal(ReidCloud.GpuRunner.Alignment.LocalDistance.Between(stripes, stripes)));
        }
        else
        {
            (positive, negative) = LocalTripletLoss.OfPairs(stripes, GoldenTensors.Of(given["p_inds"]), GoldenTensors.Of(given["n_inds"]));
        }

        var value = HardestPairs.Penalty(positive, negative, Margin(given)).mean();
        value.backward();
        results["loss"] = GoldenTensors.From(value.view(1));
        results["grad"] = GoldenTensors.From(features.grad!);
        results["dist_ap"] = GoldenTensors.From(positive);
        results["dist_an"] = GoldenTensors.From(negative);
        return results;
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Identification(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        var logits = GoldenTensors.Of(given["logits"]).requires_grad_();
        var value = new CrossEntropyLoss(new CrossEntropySpec()).Of(new LossInputs(logits, logits, GoldenTensors.Of(given["labels"])));
        value.backward();
        return new Dictionary<string, GoldenTensor> { ["loss"] = GoldenTensors.From(value.view(1)), ["grad"] = GoldenTensors.From(logits.grad!) };
    }

    public static IReadOnlyDictionary<string, GoldenTensor> MutualProbability(GoldenCase given) => Mutual(given, "logits", new MutualProbabilityLoss());

    public static IReadOnlyDictionary<string, GoldenTensor> MutualGlobal(GoldenCase given) =>
        Mutual(given, "features", new MutualDistanceLoss(new MutualDistanceSpec { Normalize = given.Flag("normalize") }));

    public static IReadOnlyDictionary<string, GoldenTensor> MutualLocal(GoldenCase given) =>
        Mutual(given, "features", new MutualLocalDistanceLoss(new MutualLocalDistanceSpec { Normalize = given.Flag("normalize") }));

    /// <summary>Each model's loss with the other models' quantities as constants.</summary>
    private static Dictionary<string, GoldenTensor> Mutual(GoldenCase given, string input, Loss loss)
    {
        using var scope = NewDisposeScope();
        var models = Enumerable.Range(0, given.Int("models")).Select(i => GoldenTensors.Of(given[$"{input}_{i}"]).to(given.IsFloat64 ? float64 : float32).requires_grad_()).ToArray();
        var labels = zeros(models[0].shape[0], dtype: int64);
        var values = new List<double>();
        var results = new Dictionary<string, GoldenTensor>();
        foreach (var (i, own) in models.Index())
        {
            var value = loss.Of(new LossInputs(own, own, labels)
            {
                Local_BHC = own,
                Peers = [.. models.Where((_, j) => j != i).Select(other => other.detach()).Select(other => new PeerOutput(other, other, other))],
            });
            value.backward();
            values.Add(value.to(float64).item<double>());
            results[$"grad_{i}"] = GoldenTensors.From(own.grad!);
        }

        results["loss"] = GoldenTensor.Of([.. values], values.Count);
        return results;
    }

    private static double? Margin(GoldenCase given) =>
        given.Params.GetProperty("margin") is { ValueKind: System.Text.Json.JsonValueKind.Number } margin ? margin.GetDouble() : null;

    /// <summary>An image's distance to itself is no number that anything depends on.</summary>
    private static Tensor WithoutDiagonal(Tensor distances) => distances * (1 - eye(distances.shape[0], dtype: distances.dtype));
}
