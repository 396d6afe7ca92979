using ReidCloud.GpuRunner.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// (mean of xᵖ)^(1/p) over all positions, p learned (Radenović et al. 2018): 1 is the mean, and the larger p the nearer to the maximum. Each map is divided by its
/// largest value first and the result multiplied by it, which changes nothing but that no power is too large or too small for a float, nor its gradient.
/// </summary>
internal sealed class GeneralizedMean : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    private const double FirstPower = 3;

    /// <summary>Below it a power has no gradient worth the name.</summary>
    private const double Smallest = 1e-6;

    private readonly Parameter p;

    public GeneralizedMean() : base(nameof(GeneralizedMean))
    {
        p = (Parameter)new Parameter(full([1], (float)FirstPower)).DetachFromDisposeScope();
        RegisterComponents();
    }

    public override Tensor forward(Tensor map_NDHW)
    {
        using var scope = NewDisposeScope();
        var wide_NDHW = Pooling.Wide(map_NDHW) is { } numbers ? map_NDHW.to(numbers) : map_NDHW;
        var positive_NDHW = wide_NDHW.clamp_min(Smallest);

        // A constant to the gradient: the result does not depend on it.
        var largest_ND11 = positive_NDHW.detach().amax([2, 3], keepdim: true);
        var mean_ND = (positive_NDHW / largest_ND11).pow(p).mean([2, 3]);
        return (mean_ND.pow(p.reciprocal()) * largest_ND11.squeeze(3).squeeze(2)).MoveToOuterDisposeScope();
    }

    public string Lower(OnnxGraph graph, string input)
    {
        using var scope = NewDisposeScope();
        var power = p.detach().cpu().item<float>();
        var positive = graph.AtLeast(input, (float)Smallest);
        var largest = graph.GlobalMaximum(positive);
        var mean = graph.GlobalMean(graph.Power(graph.Quotient(positive, largest), power));
        return graph.AsVector(graph.Product(graph.Power(mean, 1 / power), largest));
    }

    /// <summary>The power as it was when new.</summary>
    public void Reset()
    {
        using var frozen = no_grad();
        p.fill_(FirstPower);
    }
}
