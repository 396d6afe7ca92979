using ReidCloud.GpuRunner.Alignment;
using ReidCloud.GpuRunner.Evaluation;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>AlignedReID's local distances and their gradients.</summary>
internal static class AlignedDistanceOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> Local(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        return given.Text("variant") switch
        {
            "matrix" => Of(given, LocalDistance.Between),
            "pairs" => Pairs(given),
            "shortest_path" => ShortestPath(given),
            "meta" => Meta(given),
            var other => throw new NotSupportedException($"no local distance '{other}' is known"),
        };
    }

    private static Dictionary<string, GoldenTensor> Of(GoldenCase given, Func<Tensor, Tensor, Tensor> distance)
    {
        if (given.Has("normalize"))
        {
            Assert.Equal("numpy", given.Text("normalize"));
            return new() { ["dist"] = GoldenTensors.From(LocalDistances.Between(GoldenTensors.Of(given["x"]), GoldenTensors.Of(given["y"]), normalize: true)) };
        }

        var (x, y) = (GoldenTensors.Of(given["x"]).requires_grad_(), GoldenTensors.Of(given["y"]).requires_grad_());
        var value = distance(x, y);
        (value * GoldenTensors.Of(given["weight"])).sum().backward();
        return new() { ["dist"] = GoldenTensors.From(value), ["grad_x"] = GoldenTensors.From(x.grad!), ["grad_y"] = GoldenTensors.From(y.grad!) };
    }

    private static Dictionary<string, GoldenTensor> Pairs(GoldenCase given)
    {
        var euclidean = Euclidean.Between(GoldenTensors.Of(given["x"]), GoldenTensors.Of(given["y"]));
        var outputs = Of(given, LocalDistance.OfPairs);
        outputs["euclidean"] = GoldenTensors.From(euclidean);
        outputs["element"] = GoldenTensors.From(LocalDistance.Elements(euclidean));
        return outputs;
    }

    private static Dictionary<string, GoldenTensor> ShortestPath(GoldenCase given)
    {
        var cost = GoldenTensors.Of(given["cost"]).requires_grad_();
        var value = LocalDistance.ShortestPath(cost);
        value.sum().backward();
        return new() { ["dist"] = GoldenTensors.From(value), ["grad_cost"] = GoldenTensors.From(cost.grad!) };
    }

    /// <summary>The product has the right value; what the slip of the published routine returns stands here alone, so that the case says which is which.</summary>
    private static Dictionary<string, GoldenTensor> Meta(GoldenCase given)
    {
        var (x, y) = (GoldenTensors.Of(given["x"]), GoldenTensors.Of(given["y"]));
        return new()
        {
            ["dist"] = GoldenTensors.From(LocalDistance.OfPairs(x, y)),
            ["published"] = GoldenTensors.From(LocalDistance.Elements(Euclidean.Between(x, y)).select(2, 0).sum([1])),
        };
    }
}
