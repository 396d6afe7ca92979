using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>The network of camera-based batch normalisation: the product's ResNet-50 with its last ReLU and a neck, filled under the names of the reference program.</summary>
internal static class CameraNormModels
{
    private const string Stages = "backbone.features_layers.";

    /// <summary>The caller disposes it.</summary>
    public static ReidModel Filled(int identities, ScalarType dtype = ScalarType.Float32)
    {
        var model = ReidModel.Of(new ModelSpec(BackboneName.ResNet50) { FinalRelu = true }, identities);
        using var frozen = no_grad();
        foreach (var (name, value) in model.State())
        {
            using var fill = tensor(GoldenFill.Values(NameOf(name), Kind(name, value), value.shape), value.shape);
            value.copy_(fill);
        }

        return dtype == ScalarType.Float32 ? model : model.to(dtype);
    }

    /// <summary>What the reference calls the product's entry.</summary>
    public static string NameOf(string name) => name.Split('.') switch
    {
        ["backbone", "features_layers", "0", "0", var part] => $"base.conv1.{part}",
        ["backbone", "features_layers", "0", "1", var part] => $"base.bn1.{part}",
        ["backbone", "features_layers", var stage, "0", ..] => $"base.layer{stage}.{name[$"{Stages}{stage}.0.".Length..]}",
        ["classifier", "bottleneck", var part] => $"bottleneck.0.{part}",
        ["classifier", "classifier", var part] => $"classifier.{part}",
        _ => throw new NotSupportedException($"the reference has no entry '{name}'"),
    };

    private static string Kind(string name, Tensor value) => (name[(name.LastIndexOf('.') + 1)..], value.dim()) switch
    {
        ("weight", 4) => "conv.weight",
        ("weight", 2) => "linear.weight",
        (var part, _) => $"bn.{part}",
    };
}
