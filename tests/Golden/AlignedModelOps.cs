using ReidCloud.GpuRunner.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>AlignedReID's network, by the product's model.</summary>
internal static class AlignedModelOps
{
    /// <summary>What comes out and, in training, what the norms then know; or, where the case lists parameters, the gradients of all outputs together.</summary>
    public static IReadOnlyDictionary<string, GoldenTensor> Model(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        using var model = AlignedModels.Filled(given);
        model.train(given.Text("mode") == "train");
        var output = model.call(GoldenTensors.Of(given["images"]).to(given.IsFloat64 ? ScalarType.Float64 : ScalarType.Float32));
        IReadOnlyList<(string Name, Tensor Value)> outputs = [("global", output.Embedding_BD), ("local", output.Local_BHC!), ("logits", output.Logits_BK)];
        if (given.Has("names"))
        {
            return Gradients(given, model, outputs);
        }

        var state = AlignedModels.Named(model).ToDictionary(entry => $"state.{entry.Name}", entry => entry.Value, StringComparer.Ordinal);
        return outputs.ToDictionary(entry => entry.Name, entry => GoldenTensors.From(entry.Value))
            .Concat(given.Expected.Keys.Where(state.ContainsKey).Select(name => KeyValuePair.Create(name, GoldenTensors.From(state[name]))))
            .ToDictionary(StringComparer.Ordinal);
    }

    private static Dictionary<string, GoldenTensor> Gradients(GoldenCase given, ReidModel model, IReadOnlyList<(string Name, Tensor Value)> outputs)
    {
        foreach (var (name, value) in outputs)
        {
            var signs = GoldenFill.Signs($"out.{name}").Take((int)value.numel()).ToArray();
            (value * tensor(signs, value.shape).to(value.dtype)).sum().backward(retain_graph: true);
        }

        var parameters = AlignedModels.Named(model).ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        (double Norm, double Dot)[] gradients =
        [
            .. given.Params.GetProperty("names").EnumerateArray().Select(name => name.GetString()!).Select(name =>
            {
                using var gradient = parameters[name].grad!.to(ScalarType.Float64);
                var values = gradient.contiguous().data<double>().ToArray();
                var norm = Math.Sqrt(values.Sum(value => value * value));
                return (norm, values.Zip(GoldenFill.Signs($"{name}.dir"), (value, sign) => value * sign).Sum() / norm);
            }),
        ];
        return new Dictionary<string, GoldenTensor>
        {
            ["grad_norm"] = GoldenTensor.Of([.. gradients.Select(gradient => gradient.Norm)]),
            ["grad_dot"] = GoldenTensor.Of([.. gradients.Select(gradient => gradient.Dot)]),
        };
    }
}
