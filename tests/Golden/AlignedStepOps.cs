using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>Steps of AlignedReID's mutual learning, by the product's method and optimizer.</summary>
internal static class AlignedStepOps
{
    /// <summary>In the order of the file: each term with its name among the product's.</summary>
    private static readonly (string Weight, string Name)[] Terms =
    [
        ("g", "triplet"), ("l", "local-triplet"), ("id", "cross-entropy"), ("pm", "mutual-probability"), ("gdm", "mutual-distance"), ("ldm", "mutual-local-distance"),
    ];

    public static IReadOnlyDictionary<string, GoldenTensor> Steps(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        var (models, steps) = (given.Int("models"), given.Int("steps"));
        var weights = given.Params.GetProperty("weights");
        var method = new MutualLearningSpec(models) { Losses = [.. Terms.Where(term => weights.GetProperty(term.Weight).GetDouble() > 0).Select(term => Loss(given, term.Name))] };
        Assert.All(Terms, term => Assert.Contains(weights.GetProperty(term.Weight).GetDouble(), (double[])[0, 1]));
        using var learning = new MutualLearning(method, [.. Enumerable.Range(0, models).Select(model => AlignedModels.Filled(given, $"{model}."))]);
        var optimizer = new AdamSpec(given.Number("lr"), given.Number("weight_decay"));
        Optimizer[] optimizers = [.. learning.Learners.Select(learner => Optimizer.Create(optimizer, learner.Model))];
        learning.BeginTraining();
        var (labels, losses) = (GoldenTensors.Of(given["labels"]), new List<double>());
        for (var step = 0; step < steps; step++)
        {
            var (values, shape) = Images(given, step);
            var said = learning.Losses(new Batch(Of(given, values, shape).unsqueeze(1), labels[step]), 0, step);
            for (var peer = 1; peer <= models; peer++)
            {
                losses.AddRange(Terms.Select(term => Value(said, peer, term.Name)).Append(Value(said, peer, "total")));
            }

            said.Objective.backward();
            foreach (var one in optimizers)
            {
                one.Step(optimizer.LearningRate);
            }
        }

        foreach (var one in optimizers)
        {
            one.Dispose();
        }

        var probe = Probe(given);
        var seen = learning.Learners.Select(learner =>
        {
            learner.Model.eval();
            return learner.Model.call(probe);
        }).ToList();
        return new Dictionary<string, GoldenTensor>
        {
            ["loss"] = GoldenTensor.Of([.. losses], steps, models, Terms.Length + 1),
            ["probe_global"] = GoldenTensors.From(stack([.. seen.Select(output => output.Embedding_BD)])),
            ["probe_local"] = GoldenTensors.From(stack([.. seen.Select(output => output.Local_BHC!)])),
        };
    }

    private static LossSpec Loss(GoldenCase given, string name)
    {
        var (margin, normalize) = (given.Number("margin"), given.Flag("normalize"));
        return name switch
        {
            "triplet" => new TripletSpec { Margin = margin, Normalize = normalize },
            "local-triplet" => new LocalTripletSpec { Margin = margin, Normalize = normalize, Mining = given.Flag("own_hard_sample") ? TripletMining.Own : TripletMining.Global },
            "cross-entropy" => new CrossEntropySpec(),
            "mutual-probability" => new MutualProbabilitySpec(),
            "mutual-distance" => new MutualDistanceSpec { Normalize = normalize },
            "mutual-local-distance" => new MutualLocalDistanceSpec { Normalize = normalize },
            _ => throw new NotSupportedException($"no loss '{name}' is known"),
        };
    }

    /// <summary>A term that takes no part is 0.</summary>
    private static double Value(StepLosses losses, int peer, string name) =>
        losses.Terms.Where(term => term.Name == $"{MutualLearningSpec.RoleOf(peer)}/{name}").Select(term => term.Value.to(float64).item<double>()).SingleOrDefault();

    /// <summary>Noise of each number of all steps, and the pattern of the label's class.</summary>
    private static (float[] Values, long[] Shape) Images(GoldenCase given, int step)
    {
        long[] shape = [.. given.Params.GetProperty("image_shape").EnumerateArray().Select(size => size.GetInt64())];
        var (name, scale) = (given.Text("images"), given.Number("noise_scale"));
        var (count, pixels) = (shape[1], shape[2] * shape[3] * shape[4]);
        var labels = given["labels"].I64;
        var values = new float[count * pixels];
        for (var image = 0L; image < count; image++)
        {
            var label = labels[(step * count) + image];
            for (var pixel = 0L; pixel < pixels; pixel++)
            {
                var place = (((step * count) + image) * pixels) + pixel;
                values[(image * pixels) + pixel] = (float)((scale * GoldenFill.S($"{name}.noise", place)) + GoldenFill.S($"{name}.pattern", (label * pixels) + pixel));
            }
        }

        return (values, shape[1..]);
    }

    private static Tensor Probe(GoldenCase given)
    {
        long[] shape = [2, .. given.Params.GetProperty("image_shape").EnumerateArray().Skip(2).Select(size => size.GetInt64())];
        var scale = given.Number("noise_scale");
        var values = GoldenFill.Signs($"{given.Text("images")}.probe").Take((int)shape.Aggregate(1L, (product, size) => product * size)).Select(sign => (float)(scale * sign));
        return Of(given, [.. values], shape);
    }

    private static Tensor Of(GoldenCase given, float[] values, long[] shape) => tensor(values, shape).to(given.IsFloat64 ? float64 : float32);
}
