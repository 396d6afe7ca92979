using ReidCloud.GpuRunner.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// A convolution over square windows that keeps height and width (at stride 1), with PyTorch's names and first values. It computes in the numbers that its input has: its weights are float32 always
/// and are rounded for each use where the input is bfloat16, as PyTorch's autocast does, so that gradients and whoever steps by them see float32.
/// </summary>
internal sealed class Convolution : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    /// <summary>PyTorch's own: of a leaky rectifier with this slope, which makes ±1/√fan-in.</summary>
    private static readonly double FirstSlope = Math.Sqrt(5);

    private readonly long[] _size;
    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly long[] _dilation;
    private readonly long _groups;
    private readonly bool _endPadded;
    private Parameter weight;
    private Parameter? bias;

    /// <param name="endPadded">Strided, it is padded as <see cref="EndPadding"/> says.</param>
    public Convolution(long from, long to, long size, long stride = 1, long dilation = 1, long groups = 1, bool biased = false, bool endPadded = false) : base(nameof(Convolution))
    {
        _endPadded = endPadded && stride > 1;
        var padding = _endPadded ? 0 : dilation * (size / 2);
        (_size, _stride, _padding, _dilation, _groups) = ([size, size], [stride, stride], [padding, padding], [dilation, dilation], groups);
        weight = (Parameter)new Parameter(empty([to, from / groups, size, size])).DetachFromDisposeScope();
        nn.init.kaiming_uniform_(weight, FirstSlope);
        if (biased)
        {
            bias = (Parameter)new Parameter(empty([to])).DetachFromDisposeScope();
            var bound = 1 / Math.Sqrt(weight.numel() / (double)to);
            nn.init.uniform_(bias, -bound, bound);
        }

        RegisterComponents();
    }

    /// <summary>To × from (of a group) × height × width of the window.</summary>
    public Tensor Weight => weight;

    public Tensor? Bias => bias;

    public override Tensor forward(Tensor input)
    {
        var numbers = input.dtype;
        if (numbers == weight.dtype && !_endPadded)
        {
            return nn.functional.conv2d(input, weight, bias, _stride, _padding, _dilation, _groups);
        }

        using var scope = NewDisposeScope();
        return nn.functional.conv2d(_endPadded ? EndPadding.Of(input, _size[0], _stride[0]) : input, weight.to(numbers), bias?.to(numbers), _stride, _padding, _dilation, _groups).MoveToOuterDisposeScope();
    }

    public string Lower(OnnxGraph graph, string input) => graph.Convolve(input, weight, bias, _size, _stride, _endPadded ? null : _padding, _dilation, _groups);
}
