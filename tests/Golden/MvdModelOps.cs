using System.Runtime.InteropServices;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>MVD's network and its parts, by the product's model.</summary>
internal static class MvdModelOps
{
    private static readonly (string Reference, string Own)[] Branches =
        [("i", BranchOutput.Infrared), ("i_ms", BranchOutput.SharedGrey), ("v", BranchOutput.Visible), ("v_ms", BranchOutput.SharedColor)];

    public static IReadOnlyDictionary<string, GoldenTensor> Bottleneck(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        var v = GoldenTensors.Of(given["v"]).requires_grad_();
        using var vib = new InformationBottleneck((int)v.shape[1], given.Int("z"), given.Int("classes"), given.Text("dropout") == "off" ? 0 : 0.5);
        var state = vib.named_parameters().Select(entry => (entry.name, Value: (Tensor)entry.parameter)).Concat(vib.named_buffers().Select(entry => (entry.name, Value: entry.buffer))).ToList();
        MvdModels.Fill(state);
        vib.train(given.Text("mode") == "train");
        foreach (var dropout in vib.modules().OfType<SeededDropout>())
        {
            dropout.Mask = _ => given["mask"].Bytes;
        }

        var (z, logits) = vib.call(v);
        IReadOnlyList<(string, Tensor)> outputs = [("logits", logits), ("z", z)];
        var gradients = Gradients(given, state, outputs);
        return new Dictionary<string, GoldenTensor>(gradients)
        {
            ["logits"] = GoldenTensors.From(logits),
            ["z"] = GoldenTensors.From(z),
            ["grad_v"] = GoldenTensors.From(v.grad!),
        };
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Attention(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        using var attention = new ChannelAttention();
        var gamma = attention.parameters().Single();
        using (no_grad())
        {
            gamma.fill_(given.Number("gamma"));
        }

        var x = GoldenTensors.Of(given["x"]).requires_grad_();
        var y = attention.call(x);
        (y * GoldenTensors.Of(given["weight"])).sum().backward();
        return new Dictionary<string, GoldenTensor>
        {
            ["y"] = GoldenTensors.From(y),
            ["grad_x"] = GoldenTensors.From(x.grad!),
            ["grad_gamma"] = GoldenTensors.From(gamma.grad!),
        };
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Pytorch(GoldenCase given) => Model(given, MultiViewStyle.Pytorch);

    public static IReadOnlyDictionary<string, GoldenTensor> Mindspore(GoldenCase given) => Model(given, MultiViewStyle.Mindspore);

    public static IReadOnlyDictionary<string, GoldenTensor> TestFeatures(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        if (given.Text("variant") == "validation_distance")
        {
            var (query, gallery) = (Unit(GoldenTensors.Of(given["query"])), Unit(GoldenTensors.Of(given["gallery"])));
            return new Dictionary<string, GoldenTensor> { ["dist"] = GoldenTensors.From((query.unsqueeze(1) - gallery.unsqueeze(0)).square().sum([2])) };
        }

        var features = given.Text("variant") switch
        {
            "pytorch" => MultiViewFeatures.Pytorch,
            "pytorch_validation" => MultiViewFeatures.PytorchValidation,
            "mv2d" => MultiViewFeatures.Mv2d,
            "mindspore" => MultiViewFeatures.Mindspore,
            var other => throw new NotSupportedException($"no test feature is called '{other}'"),
        };
        var joined = MultiViewFeature.Of(features).Join((branch, isRepresentation) =>
            GoldenTensors.Of(given[$"{Branches.Single(names => names.Own == branch).Reference}_{(isRepresentation ? "representation" : "observation")}"]));
        return new Dictionary<string, GoldenTensor> { ["features"] = GoldenTensors.From(joined) };

        static Tensor Unit(Tensor rows) => nn.functional.normalize(rows, dim: 1);
    }

    private static Dictionary<string, GoldenTensor> Model(GoldenCase given, MultiViewStyle style)
    {
        using var scope = NewDisposeScope();
        using var model = MvdModels.Filled(given, style);
        var training = given.Text("mode") == "train";
        model.train(training);

        // What comes into the necks: the shared one's twice, in the order in which its branch runs.
        var pooled = new Dictionary<string, List<Tensor>>();
        foreach (var (name, neck) in model.named_modules().Where(entry => entry.name.EndsWith("classifier.bottleneck", StringComparison.Ordinal)))
        {
            var inputs = pooled[name.Split('.')[0]] = [];
            ((nn.Module<Tensor, Tensor>)neck).register_forward_pre_hook((_, input) =>
            {
                inputs.Add(input);
                input.DetachFromDisposeScope();
                return input;
            });
        }

        var output = model.call(GoldenTensors.Of(given["images"]).to(given.IsFloat64 ? ScalarType.Float64 : ScalarType.Float32));
        var pooledOf = new Dictionary<string, Tensor>
        {
            [BranchOutput.Visible] = pooled["visible"].Single(),
            [BranchOutput.Infrared] = pooled["infrared"].Single(),
            [BranchOutput.SharedGrey] = pooled["shared"][style == MultiViewStyle.Pytorch ? 0 : 1],
            [BranchOutput.SharedColor] = pooled["shared"][style == MultiViewStyle.Pytorch ? 1 : 0],
        };
        try
        {
            var outputs = new List<(string Name, Tensor Value)>();
            foreach (var (reference, own) in Branches)
            {
                var branch = output.Branches.Single(branch => branch.Name == own);
                if (style == MultiViewStyle.Mindspore && !training)
                {
                    outputs.Add(($"{reference}_observation", nn.functional.normalize(branch.ObservationFeature_ND, dim: 1)));
                    continue;
                }

                outputs.Add(($"{reference}_observation.feature", branch.ObservationFeature_ND));
                outputs.Add(training ? ($"{reference}_observation.logits", branch.ObservationLogits_NK) : ($"{reference}_observation.pooled", pooledOf[own]));
                outputs.Add(($"{reference}_representation.logits", branch.RepresentationLogits_NK));
                outputs.Add(($"{reference}_representation.z", branch.Z_NZ));
            }

            if (given.Has("names"))
            {
                return Gradients(given, MvdModels.Named(model), outputs);
            }

            var state = MvdModels.Named(model).ToDictionary(entry => $"state.{entry.Name}", entry => entry.Value, StringComparer.Ordinal);
            return outputs.ToDictionary(entry => entry.Name, entry => GoldenTensors.From(entry.Value))
                .Concat(given.Expected.Keys.Where(state.ContainsKey).Select(name => KeyValuePair.Create(name, GoldenTensors.From(state[name]))))
                .ToDictionary(StringComparer.Ordinal);
        }
        finally
        {
            foreach (var input in pooledOf.Values)
            {
                input.Dispose();
            }
        }
    }

    /// <summary>Of all outputs together: each gradient's length, and what it is along a direction of its name.</summary>
    private static Dictionary<string, GoldenTensor> Gradients(GoldenCase given, IReadOnlyList<(string Name, Tensor Value)> state, IReadOnlyList<(string Name, Tensor Value)> outputs)
    {
        var weighted = outputs.Select(output => (output.Value * tensor([.. GoldenFill.Signs($"out.{output.Name}").Take((int)output.Value.numel())], output.Value.shape).to(output.Value.dtype)).sum());
        weighted.Aggregate((sum, next) => sum + next).backward();
        var parameters = state.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        var gradients = given.Params.GetProperty("names").EnumerateArray().Select(name => name.GetString()!).AsParallel().AsOrdered().Select(name =>
        {
            using var gradient = parameters[name].grad!.contiguous();
            var (dot, norm) = given.IsFloat64
                ? GoldenFill.Along<double>($"{name}.dir", MemoryMarshal.Cast<byte, double>(gradient.bytes))
                : GoldenFill.Along<float>($"{name}.dir", MemoryMarshal.Cast<byte, float>(gradient.bytes));
            return (Norm: norm, Dot: dot / norm);
        }).ToList();
        return new Dictionary<string, GoldenTensor>
        {
            ["grad_norm"] = GoldenTensor.Of([.. gradients.Select(gradient => gradient.Norm)]),
            ["grad_dot"] = GoldenTensor.Of([.. gradients.Select(gradient => gradient.Dot)]),
        };
    }
}
