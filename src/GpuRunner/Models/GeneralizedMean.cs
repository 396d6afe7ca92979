using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>(mean of xᵖ)^(1/p) over all positions, p learned (Radenović et al. 2018): 1 is the mean, and the larger p the nearer to the maximum.</summary>
internal sealed class GeneralizedMean : nn.Module<Tensor, Tensor>
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

    public override Tensor forward(Tensor map_NDHW) => map_NDHW.clamp_min(Smallest).pow(p).mean([2, 3]).pow(p.reciprocal());
}
