using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>VKD's losses and their gradients, by the product's losses.</summary>
internal static class VkdLossOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> Triplet(GoldenCase given)
    {
        var margin = given.Params.GetProperty("margin");
        Assert.True(given.Flag("batch_hard"), "only batch-hard triplets are known");
        var loss = new TripletLoss(new TripletSpec
        {
            Margin = margin.ValueKind == System.Text.Json.JsonValueKind.Number ? margin.GetDouble() : null,
            Normalize = given.Text("dis_func") switch
            {
                "eu" => false,
                "cdist" => true,
                var other => throw new NotSupportedException($"no distance '{other}' is known"),
            },
        });
        return Run(given, loss, "feat", feature => new LossInputs(feature, feature, GoldenTensors.Of(given["id"])), given.Text("reduction"));
    }

    public static IReadOnlyDictionary<string, GoldenTensor> CrossEntropy(GoldenCase given) => Run(
        given,
        new CrossEntropyLoss(new CrossEntropySpec { LabelSmoothing = given.Has("eps") ? given.Number("eps") : 0 }),
        "logits",
        logits => new LossInputs(logits, logits, GoldenTensors.Of(given["target"])),
        given.Text("reduction"));

    public static IReadOnlyDictionary<string, GoldenTensor> LogitDistillation(GoldenCase given) => Distill(
        given, new LogitDistillationLoss(new LogitDistillationSpec { Temperature = given.Number("temp") }), given.Text("reduction"));

    /// <summary>Here "sum" is over all elements, while the product's term of a set is a mean over its K logits.</summary>
    public static IReadOnlyDictionary<string, GoldenTensor> LogitMatching(GoldenCase given) => Distill(
        given, new LogitMatchingLoss(), given.Text("reduction"), given["student"].Shape[1]);

    public static IReadOnlyDictionary<string, GoldenTensor> DistancePreservation(GoldenCase given) => Distill(
        given, new DistancePreservationLoss(new DistancePreservationSpec { Penalty = Penalty(given.Text("metric")) }), "mean");

    public static DistancePenalty Penalty(string name) => name switch
    {
        "l2" => DistancePenalty.L2,
        "l1" => DistancePenalty.L1,
        "huber" => DistancePenalty.Huber,
        _ => throw new NotSupportedException($"no penalty '{name}' is known"),
    };

    private static IReadOnlyDictionary<string, GoldenTensor> Distill(GoldenCase given, Loss loss, string reduction, long elements = 1)
    {
        using var teacher = GoldenTensors.Of(given["teacher"]);
        return Run(
            given,
            loss,
            "student",
            student => new LossInputs(student, student, zeros(student.shape[0], dtype: ScalarType.Int64)) { TeacherEmbedding_BD = teacher, TeacherLogits_BK = teacher },
            reduction,
            elements);
    }

    private static IReadOnlyDictionary<string, GoldenTensor> Run(
        GoldenCase given, Loss loss, string input, Func<Tensor, LossInputs> inputs, string reduction, long elements = 1)
    {
        using var scope = NewDisposeScope();
        var variable = GoldenTensors.Of(given[input]).requires_grad_();
        var value = reduction switch
        {
            "mean" => loss.Of(inputs(variable)),
            "sum" => loss.Terms_B(inputs(variable)).sum() * elements,
            _ => throw new NotSupportedException($"no reduction '{reduction}' is known"),
        };
        value.backward();
        return new Dictionary<string, GoldenTensor>
        {
            ["loss"] = GoldenTensors.From(value.view(1)),
            ["grad"] = GoldenTensors.From(variable.grad!),
        };
    }
}
