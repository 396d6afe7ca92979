using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// From an observation, the feature behind a neck, to a representation of Z numbers and its scores of K identities (spec of MVD §4). Without noise: in both public programs the bottleneck
/// has neither a variance nor a sample. Fields keep the PyTorch program's names.
/// </summary>
internal sealed class InformationBottleneck : nn.Module<Tensor, (Tensor Z_NZ, Tensor Logits_NK)>
{
    private const int First = 1000;
    private const int Second = 500;
    private const int Hidden = 256;
    private const double Slope = 0.1;

    private readonly Sequential bottleneck;
    private readonly Sequential classifier;

    public InformationBottleneck(int featureDim, int dim, int identities, double dropout) : base(nameof(InformationBottleneck))
    {
        bottleneck = nn.Sequential(("model", nn.Sequential(
            nn.Linear(featureDim, First), new BatchNorm(First), nn.ReLU(),
            nn.Linear(First, Second), new BatchNorm(Second), nn.ReLU(),
            nn.Linear(Second, dim))));
        classifier = nn.Sequential(
            nn.Linear(dim, Hidden), new BatchNorm(Hidden), nn.LeakyReLU(Slope), new SeededDropout(dropout),
            nn.Linear(Hidden, identities));
        RegisterComponents();
    }

    /// <summary>From the observation to the representation.</summary>
    public Sequential Encoder => bottleneck;

    public override (Tensor Z_NZ, Tensor Logits_NK) forward(Tensor observation_ND)
    {
        var z_NZ = bottleneck.call(observation_ND);
        return (z_NZ, classifier.call(z_NZ));
    }

    /// <summary>Whether the module of that name in here is the encoder's.</summary>
    public static bool IsOfEncoder(string name) => name.StartsWith("bottleneck.", StringComparison.Ordinal);
}
