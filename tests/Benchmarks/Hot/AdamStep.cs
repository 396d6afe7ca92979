using BenchmarkDotNet.Attributes;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks.Hot;

/// <summary>Adam on a ResNet-50 with a classifier of 751 identities: 25 million numbers.</summary>
public class AdamStep : IDisposable
{
    private readonly ReidModel _model = ReidModel.Of(new ModelSpec(BackboneName.ResNet50), 751);
    private readonly Optimizer _optimizer;
    private readonly Tensor[] _gradients;

    public AdamStep()
    {
        _optimizer = Optimizer.Create(new AdamSpec(1e-4), _model);
        _gradients = [.. _model.parameters().Select(parameter => randn(parameter.shape))];
    }

    [Benchmark]
    public void Step()
    {
        foreach (var (parameter, gradient) in _model.parameters().Zip(_gradients))
        {
            parameter.grad = gradient;
        }

        _optimizer.Step(1e-4);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        Array.ForEach(_gradients, gradient => gradient.Dispose());
        _optimizer.Dispose();
        _model.Dispose();
        GC.SuppressFinalize(this);
    }
}
