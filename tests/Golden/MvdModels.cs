using System.Runtime.InteropServices;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Models.Backbones;
using ReidCloud.Specs;
using ReidCloud.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>MVD's networks in the golden files: the product's model, filled under the names of the public program, which are those that the product itself knows them by.</summary>
internal static class MvdModels
{
    /// <summary>A network as `params` describe it, in the precision of the case. The caller disposes it.</summary>
    public static MultiViewModel Filled(GoldenCase given, MultiViewStyle style)
    {
        var spec = new ModelSpec(BackboneName.ResNet50)
        {
            LastStride = style == MultiViewStyle.Pytorch ? 1 : 2,
            FinalRelu = true,
            MultiView = new MultiViewSpec(style) { BottleneckDim = given.Int("z"), Dropout = given.Text("dropout") == "off" ? 0 : throw new NotSupportedException("a network without dropout is meant") },
        };
        int[] blocks = [.. given.Params.GetProperty("blocks").EnumerateArray().Select(count => count.GetInt32())];
        var model = new MultiViewModel(spec, given.Int("classes"), () => new ResNet(ResNet.R50 with { Blocks = blocks }, spec));
        Fill(Named(model));
        return given.IsFloat64 ? model.to(ScalarType.Float64) : model;
    }

    /// <summary>Its state by the reference's names.</summary>
    public static IReadOnlyList<(string Name, Tensor Value)> Named(ReidModel model)
    {
        var names = PublicNames.Of(model.Spec);
        return [.. model.State().Select(entry => (names[entry.Name], entry.Value))];
    }

    /// <summary>The large ones beside each other.</summary>
    public static void Fill(IReadOnlyList<(string Name, Tensor Value)> entries)
    {
        using var frozen = no_grad();
        var norms = entries.Where(entry => entry.Value.dim() == 1 && entry.Name.Split('.')[^1] is "running_mean" or "moving_mean").Select(entry => Module(entry.Name)).ToHashSet();
        Parallel.ForEach(entries.Where(entry => entry.Value.dim() > 0), entry => GoldenFill.Into(
            MemoryMarshal.Cast<byte, float>(entry.Value.bytes), entry.Name, Kind(entry.Name, entry.Value, norms.Contains(Module(entry.Name))), entry.Value.shape));
    }

    private static string Kind(string name, Tensor value, bool isNorm) => (name.Split('.')[^1], value.dim()) switch
    {
        ("weight", 4) => "conv.weight",
        ("weight", 2) => "linear.weight",
        ("moving_mean", _) => "bn.running_mean",
        ("moving_variance", _) => "bn.running_var",
        ("gamma", _) when isNorm => "bn.weight",
        ("beta" or "gamma", _) => "bn.bias",
        (var part, _) when isNorm => $"bn.{part}",
        _ => "linear.bias",
    };

    private static string Module(string name) => name[..name.LastIndexOf('.')];
}
