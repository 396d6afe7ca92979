using ReidCloud.GpuRunner.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>Normalises each map of each image by itself, then scales and shifts it, as PyTorch's InstanceNorm2d with `affine` does (Ulyanov et al. 2016; eps 1e-5). In training and evaluation alike.</summary>
internal sealed class InstanceNorm : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    private const double Epsilon = 1e-5;

    private readonly Parameter weight;
    private readonly Parameter bias;

    public InstanceNorm(long channels) : base(nameof(InstanceNorm))
    {
        weight = (Parameter)new Parameter(ones(channels)).DetachFromDisposeScope();
        bias = (Parameter)new Parameter(zeros(channels)).DetachFromDisposeScope();
        RegisterComponents();
    }

    public override Tensor forward(Tensor map_NDHW) => nn.functional.instance_norm(map_NDHW, weight: weight, bias: bias, eps: Epsilon);

    public string Lower(OnnxGraph graph, string input) => graph.NormalizeEach(input, weight, bias, Epsilon);

    /// <summary>Everything as it was when new.</summary>
    public void Reset()
    {
        using var frozen = no_grad();
        weight.fill_(1);
        bias.fill_(0);
    }
}
