using ReidCloud.GpuRunner.Export;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Golden;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Export;

/// <summary>One process of ONNX Runtime for all tests of exports, and networks to export: of random weights, with batch norms that have seen something.</summary>
public sealed class ExportedNetworks : IDisposable
{
    private readonly Lazy<OnnxRuntime> _runtime;

    public ExportedNetworks() => _runtime = new Lazy<OnnxRuntime>(() => OnnxRuntime.Start(OnnxRuntimePackage.Folder(), Folder));

    internal static InputSpec Input { get; } = new(64, 32);

    internal OnnxRuntime Runtime => _runtime.Value;

    internal string Folder { get; } = Directory.CreateTempSubdirectory("reid-onnx-").FullName;

    /// <summary>The caller disposes it.</summary>
    internal static ReidModel Network(ModelSpec spec) => Network(() => ReidModel.Of(spec, 3));

    /// <summary>The same of a network that no spec names.</summary>
    internal static ReidModel Network(Func<ReidModel> make)
    {
        using var frozen = no_grad();
        manual_seed(7);
        var model = make();
        foreach (var (_, convolution) in model.State().Where(entry => entry.Value.dim() == 4))
        {
            // From PyTorch's spread to He's: differences between images come through to the end.
            convolution.mul_(Math.Sqrt(6));
        }

        foreach (var (name, value) in model.State().Where(entry => Statistic(entry.Name) is not null))
        {
            using var drawn = tensor(GoldenFill.Values(name, Statistic(name)!, value.shape), value.shape);
            value.copy_(drawn);
        }

        if (model.Spec.Backbone.IsOsNet())
        {
            See(model);
        }

        model.eval();
        return model;
    }

    /// <summary>In OSNet two convolutions follow each other without a norm: without statistics of its own numbers grow until float32 is too coarse for its gates.</summary>
    private static void See(ReidModel model)
    {
        using var scope = NewDisposeScope();
        var images = Images().narrow(0, 0, 4);
        model.train();
        for (var pass = 0; pass < 20; pass++)
        {
            model.call(images);
        }
    }

    internal string Export(ReidModel model, bool fold, IReadOnlyList<(string, string)>? facts = null, bool afterNeck = false)
    {
        var file = Path.Combine(Folder, $"{Guid.NewGuid():N}.onnx");
        using var to = File.Create(file);
        OnnxExport.Write(to, model, Input, fold, afterNeck, facts ?? []);
        return file;
    }

    internal static Tensor Images()
    {
        var shape = new long[] { EmbeddingCheck.Images, 3, Input.Height, Input.Width };
        return tensor([.. GoldenFill.Signs("images").Take((int)shape.Aggregate(1L, (product, size) => product * size)).Select(value => (float)(2 * value))], shape);
    }

    public void Dispose()
    {
        if (_runtime.IsValueCreated)
        {
            _runtime.Value.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>As the fill calls it; null of what is not a batch norm's.</summary>
    private static string? Statistic(string name) =>
        name.EndsWith(".running_mean", StringComparison.Ordinal) ? "bn.running_mean"
        : name.EndsWith(".running_var", StringComparison.Ordinal) ? "bn.running_var"
        : IsNorm(name) && name.EndsWith(".weight", StringComparison.Ordinal) ? "bn.weight"
        : IsNorm(name) && name.EndsWith(".bias", StringComparison.Ordinal) ? "bn.bias"
        : null;

    private static bool IsNorm(string name) => name.Split('.')[^2] is var layer
        && (layer.Contains("bn", StringComparison.Ordinal) || layer.Contains("norm", StringComparison.Ordinal));
}
