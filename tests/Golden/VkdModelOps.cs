using System.Text.Json;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>VKD's networks and its two trainings, by the product's model, methods and optimizer.</summary>
internal static class VkdModelOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> Eval(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var model = Filled(given, "backbone");
        model.eval();
        var output = model.call(GoldenTensors.Images(given["x"], ScalarType.Float32));
        return new Dictionary<string, GoldenTensor>
        {
            ["emb"] = GoldenTensors.From(output.Embedding_BD),
            ["bottleneck"] = GoldenTensors.From(output.Neck_ND),
            ["logits"] = GoldenTensors.From(output.Logits_BK),
        };
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Train(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        var dtype = Dtype(given);
        using var model = Filled(given, "backbone");
        model.train();
        var output = model.call(GoldenTensors.Images(given["x"], dtype));
        var loss = (output.Embedding_BD * GoldenTensors.Of(given["r_emb"]).to(dtype)).sum() + (output.Logits_BK * GoldenTensors.Of(given["r_logits"]).to(dtype)).sum();
        loss.backward();

        var state = model.State();
        var results = new Dictionary<string, GoldenTensor>
        {
            ["emb"] = GoldenTensors.From(output.Embedding_BD),
            ["logits"] = GoldenTensors.From(output.Logits_BK),
            ["loss"] = GoldenTensors.From(loss.view(1)),
        };
        foreach (var (layer, i) in given.Params.GetProperty("bn_layers").EnumerateArray().Select((layer, i) => (layer.GetString(), i)))
        {
            foreach (var statistic in new[] { "running_mean", "running_var" })
            {
                results[$"bn{i}.{statistic}"] = GoldenTensors.From(state.Single(entry => entry.Name == $"{layer}.{statistic}").Value);
            }
        }

        if (given.IsFloat64)
        {
            (double Norm, double Dot)[] gradients = [.. state.Where(entry => entry.Value is Parameter).Select(entry => Gradient(entry.Name, entry.Value))];
            results["grad_norm"] = GoldenTensor.Of([.. gradients.Select(gradient => gradient.Norm)]);
            results["grad_dot"] = GoldenTensor.Of([.. gradients.Select(gradient => gradient.Dot)]);
        }

        return results;
    }

    public static IReadOnlyDictionary<string, GoldenTensor> GradCam(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        using var model = Filled(given, "backbone");
        model.eval();
        var images_NCHW = GoldenTensors.Images(given["x"], ScalarType.Float32).flatten(0, 1);
        var map_NHW = ReidCloud.GpuRunner.Explanation.GradCam.Map(model, images_NCHW);
        return new Dictionary<string, GoldenTensor>
        {
            ["map"] = GoldenTensors.From(map_NHW.unsqueeze(1)),
            ["enlarged"] = GoldenTensors.From(ReidCloud.GpuRunner.Explanation.GradCam.Enlarge(map_NHW, (int)images_NCHW.shape[2], (int)images_NCHW.shape[3])),
            ["logits"] = GoldenTensors.From(model.call(images_NCHW).Logits_BK),
        };
    }

    public static IReadOnlyDictionary<string, GoldenTensor> TeacherSteps(GoldenCase given)
    {
        using var method = new Supervised(new SupervisedSpec((int)given["x"].Shape[2]), Filled(given, "backbone"));
        return Steps(given, method, (batch, _) => method.Losses(batch, 0, 0), ["triplet", "cross-entropy"], withTotal: false);
    }

    public static IReadOnlyDictionary<string, GoldenTensor> StudentSteps(GoldenCase given)
    {
        var student = Filled(given, "student", "reinit.");
        var weight = given.Number("kl_coeff");
        LossSpec logits = given.Text("logits_dist") switch
        {
            "kl" => new LogitDistillationSpec { Temperature = given.Number("temp"), Weight = weight },
            "mse" => new LogitMatchingSpec { Weight = weight },
            var other => throw new NotSupportedException($"no distance of logits '{other}' is known"),
        };
        var spec = new ViewDistillationSpec(new CheckpointRef("golden"), (int)given["x"].Shape[2], given.Int("num_student_images"))
        {
            Losses =
            [
                logits, new TripletSpec(), new CrossEntropySpec(),
                new DistancePreservationSpec { Penalty = VkdLossOps.Penalty(given.Text("similarity_metric")), Weight = given.Number("lambda_coeff") },
            ],
        };
        using var method = new ViewDistillation(spec, 0, Filled(given, "teacher"), student);
        using var scope = NewDisposeScope();
        method.BeginTraining();
        var first = given.Params.GetProperty("batch_order")[0].GetInt32();
        var teacher = method.Ask(new Batch(GoldenTensors.Images(given["x"], Dtype(given))[first], GoldenTensors.Of(given["y"])[first]));
        var results = new Dictionary<string, GoldenTensor>
        {
            ["teacher_emb"] = GoldenTensors.From(teacher.Embedding_BD),
            ["teacher_logits"] = GoldenTensors.From(teacher.Logits_BK),
        };
        var views = given["views"].I64.Select(view => (int)view).Chunk((int)(given["views"].Shape[1] * given["views"].Shape[2])).ToArray();
        string[] names = [given.Text("logits_dist") == "kl" ? "logit-distillation" : "logit-matching", "triplet", "cross-entropy", "distance-preservation"];
        foreach (var (name, value) in Steps(given, method, (batch, step) => method.Losses(batch, views[step]), names, withTotal: true))
        {
            results[name] = value;
        }

        return results;
    }

    private static Dictionary<string, GoldenTensor> Steps(
        GoldenCase given, TrainingMethod method, Func<Batch, int, StepLosses> step, string[] names, bool withTotal)
    {
        using var scope = NewDisposeScope();
        Assert.Equal("adam", given.Text("optimizer"));
        var betas = given.Params.GetProperty("betas");
        var spec = new AdamSpec(given.Number("lr"), given.Number("weight_decay"))
        {
            Beta1 = betas[0].GetDouble(),
            Beta2 = betas[1].GetDouble(),
            Epsilon = given.Number("eps"),
        };
        var (images, labels) = (GoldenTensors.Images(given["x"], Dtype(given)), GoldenTensors.Of(given["y"]));
        var steps = given.Int("steps");
        var losses = new List<double>();
        using var optimizer = Optimizer.Create(spec, method.Result);
        method.BeginTraining();
        for (var i = 0; i < steps; i++)
        {
            var place = given.Params.GetProperty("batch_order")[i].GetInt32();
            var result = step(new Batch(images[place], labels[place]), i);
            losses.AddRange(names.Select(name => result.Terms.Single(term => term.Name == name).Value.to(ScalarType.Float64).item<double>()));
            if (withTotal)
            {
                losses.Add(result.Total.to(ScalarType.Float64).item<double>());
            }

            result.Total.backward();
            optimizer.Step(spec.LearningRate);
        }

        var results = new Dictionary<string, GoldenTensor> { ["losses"] = GoldenTensor.Of([.. losses], steps, losses.Count / steps) };
        if (given.IsFloat64)
        {
            method.Result.eval();
            var probe = method.Result.call(GoldenTensors.Images(given["probe"], Dtype(given)));
            results["probe_emb"] = GoldenTensors.From(probe.Embedding_BD);
            results["probe_logits"] = GoldenTensors.From(probe.Logits_BK);
        }

        return results;
    }

    private static ScalarType Dtype(GoldenCase given) => given.IsFloat64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The product's model with the golden fill; what a student starts afresh is filled under a prefixed name.</summary>
    private static ReidModel Filled(GoldenCase given, string backbone, string reinitialized = "")
    {
        var name = JsonSerializer.Deserialize<BackboneName>($"\"{given.Text(backbone)}\"", ReidJson.Options);
        var model = ReidModel.Of(new ModelSpec(name), given.Int("num_classes"));
        using var frozen = no_grad();
        foreach (var (entry, value) in model.State())
        {
            var fillName = model.IsReinitialized(entry) ? reinitialized + entry : entry;
            using var fill = tensor(GoldenFill.Values(fillName, Kind(entry, value), value.shape), value.shape);
            value.copy_(fill);
        }

        return given.IsFloat64 ? model.to(ScalarType.Float64) : model;
    }

    private static string Kind(string name, Tensor value) => (name[(name.LastIndexOf('.') + 1)..], value.dim()) switch
    {
        ("weight", 4) => "conv.weight",
        ("weight", 2) => "linear.weight",
        (var part, _) => $"bn.{part}",
    };

    /// <summary>Of a parameter that the reference calls so.</summary>
    internal static (double Norm, double Dot) Gradient(string name, Tensor parameter)
    {
        using var gradient = parameter.grad;
        if (gradient is null)
        {
            return (0, 0);
        }

        var values = gradient.contiguous().data<double>().ToArray();
        var norm = Math.Sqrt(values.Sum(value => value * value));
        return (norm, values.Zip(GoldenFill.Signs($"{name}.dir"), (value, sign) => value * sign).Sum() / Math.Max(norm, 1e-3));
    }
}
