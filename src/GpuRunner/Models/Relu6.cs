using ReidCloud.GpuRunner.Onnx;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>PyTorch's ReLU6, in place. Of bfloat16 it is a clamp, since on the CPU PyTorch has no gradient for the other; they differ in the gradient at 0 and at 6 exactly.</summary>
internal sealed class Relu6() : nn.Module<Tensor, Tensor>(nameof(Relu6)), IOnnxLayer
{
    private const int Most = 6;

    public override Tensor forward(Tensor input) => input.dtype == ScalarType.BFloat16 ? input.clamp(0, Most) : nn.functional.relu6(input, inplace: true);

    public string Lower(OnnxGraph graph, string input) => graph.Clip(input, 0, Most);
}
