using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Models.Backbones;
using ReidCloud.Specs;
using ReidCloud.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>AlignedReID's networks in the golden files: the product's model, filled under the reference's names, which are those that the product itself knows them by.</summary>
internal static class AlignedModels
{
    /// <summary>A network as `params` describe it, in the precision of the case. The caller disposes it.</summary>
    /// <param name="prefix">What the fill's names begin with, where several networks are told apart.</param>
    public static ReidModel Filled(GoldenCase given, string prefix = "")
    {
        var spec = PublicNames.Aligned(BackboneName.ResNet50, new LocalBranchSpec(given.Int("local_channels")));
        int[] blocks = [.. given.Params.GetProperty("blocks").EnumerateArray().Select(count => count.GetInt32())];
        var model = new SingleViewModel(spec, given.Int("classes"), new ResNet(ResNet.R50 with { Blocks = blocks }, spec));
        using var frozen = no_grad();
        foreach (var (name, value) in Named(model))
        {
            using var fill = tensor(GoldenFill.Values(prefix + name, Kind(name, value), value.shape), value.shape);
            value.copy_(fill);
        }

        return given.IsFloat64 ? model.to(ScalarType.Float64) : model;
    }

    /// <summary>Its state by the reference's names.</summary>
    public static IReadOnlyList<(string Name, Tensor Value)> Named(ReidModel model)
    {
        var names = PublicNames.Of(model.Spec);
        return [.. model.State().Select(entry => (names[entry.Name], entry.Value))];
    }

    private static string Kind(string name, Tensor value) => (name.Split('.'), value.dim()) switch
    {
        ([.., "weight"], 4) => "conv.weight",
        (["local_conv", "bias"], _) => "conv.bias",
        ([.., "weight"], 2) => "linear.weight",
        (["fc", "bias"], _) => "linear.bias",
        ([.., var part], _) => $"bn.{part}",
        _ => throw new NotSupportedException($"the fill knows no entry '{name}'"),
    };
}
