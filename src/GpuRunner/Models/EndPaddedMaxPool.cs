using ReidCloud.GpuRunner.Onnx;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>The largest of each window with <see cref="EndPadding"/>, which is never the largest.</summary>
internal sealed class EndPaddedMaxPool(long size, long stride) : nn.Module<Tensor, Tensor>(nameof(EndPaddedMaxPool)), IOnnxLayer
{
    public override Tensor forward(Tensor map_NDHW)
    {
        using var scope = NewDisposeScope();
        return nn.functional.max_pool2d(EndPadding.Of(map_NDHW, size, stride, double.NegativeInfinity), size, stride).MoveToOuterDisposeScope();
    }

    public string Lower(OnnxGraph graph, string input) => graph.MaxPoolEndPadded(input, size, stride);
}
