namespace ReidCloud.Specs;

/// <summary>
/// Deep mutual learning (Zhang et al., CVPR 2018) as AlignedReID uses it: <see cref="Peers"/> networks of the same spec see the same batches, and each learns from
/// the labels and from what the others say, whose outputs count as constants. They start from the same initial weights and differ in what is drawn. Spec of
/// AlignedReID §4. The first peer is the run's result; all are in the checkpoint and in the report.
/// </summary>
public sealed record MutualLearningSpec(int Peers = 2) : MethodSpec
{
    /// <summary>How many frames of each drawn tracklet are seen. 1 is for images.</summary>
    public int Views { get; init; } = 1;

    /// <summary>A network that was trained alone, which the report measures beside the peers. It does not take part.</summary>
    public CheckpointRef? Alone { get; init; }

    public override IReadOnlyList<LossSpec> Losses { get; init; } = [new TripletSpec { Margin = 0.3 }, new MutualDistanceSpec()];

    public override int SampledViews => Views;

    /// <summary>The role of a peer, counted from 1.</summary>
    public static string RoleOf(int peer) => $"peer-{peer}";

    public override IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Parents => Alone is null ? [] : [("$.method.alone", Alone)];
}
