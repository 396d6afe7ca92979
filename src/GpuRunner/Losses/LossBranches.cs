using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>What a network with branches says of B sets: its branch for visible light, the one for infrared, and the one that both share, which sees each image twice. Spec of MVD §2.</summary>
internal sealed record LossBranches(LossBranch Visible, LossBranch Infrared, LossBranch SharedColor, LossBranch SharedGrey)
{
    /// <summary>All eight outputs with their shares in a loss of each: half for a branch of one modality, a quarter for a pass of the shared one. Spec of MVD §6.</summary>
    public IEnumerable<(LossOutput Output, double Share)> Outputs =>
        from branch in (IEnumerable<(LossBranch Of, double Share)>)[(Visible, 0.5), (Infrared, 0.5), (SharedColor, 0.25), (SharedGrey, 0.25)]
        from output in (IEnumerable<LossOutput>)[branch.Of.Observation, branch.Of.Representation]
        select (output, branch.Share);
}

/// <summary>What a branch sees, and what its bottleneck keeps of that.</summary>
internal sealed record LossBranch(LossOutput Observation, LossOutput Representation);

/// <summary>A feature of each set, and its class scores before the softmax.</summary>
internal sealed record LossOutput(Tensor Feature_BD, Tensor Logits_BK);
