namespace ReidCloud.Specs;

/// <summary>
/// Ranked lists that know what each set was seen by: others of the identity are drawn nearer than a boundary less a margin, sets of other identities are pushed beyond the boundary, the nearer
/// the harder; within a modality and across the two each with a boundary and a margin of its own. Embeddings are divided by their length, so that no distance is more than 2. Spec of MVD §7.2,
/// whose code has these numbers. Needs a data set with visible and infrared cameras.
/// </summary>
public sealed record RankSpec : LossSpec
{
    /// <summary>Within a modality (`margin_1`).</summary>
    public double Margin { get; init; } = 0.9;

    /// <summary>Across the two (`margin_2`).</summary>
    public double CrossMargin { get; init; } = 1.0;

    /// <summary>Within a modality (`alpha_1`).</summary>
    public double Boundary { get; init; } = 2.2;

    /// <summary>Across the two (`alpha_2`).</summary>
    public double CrossBoundary { get; init; } = 2.0;
}

/// <summary>
/// Batch-hard triplets of centers: each the mean of an identity's sets in the batch as one modality has them, so that the only positive is the center of the other modality. Spec of MVD §6
/// (`CenterTri`). Needs a data set with visible and infrared cameras.
/// </summary>
public sealed record CenterTripletSpec : LossSpec
{
    public double Margin { get; init; } = 0.3;
}

/// <summary>
/// The cost of moving the visible branch's class scores of the batch to those of the infrared branch: entropic optimal transport by Sinkhorn's iterations, with gradients through all of them. As MVD's
/// code has it (spec of MVD §7.3, `CML`), regularized by 0.01, at most 100 iterations and none after one that moved the potentials by less than 0.1, so mostly two to six, far from the optimum. Whether to
/// go on is a number that each iteration reads from the device. Needs method variational-distillation.
/// </summary>
public sealed record OptimalTransportSpec : LossSpec
{
    public OptimalTransportSpec() => Weight = 8;
}

/// <summary>How far class scores q are from class scores p, which count as constant.</summary>
public enum DivergenceForm
{
    /// <summary>Σ p (log p − log q), mean over the batch: what the paper says.</summary>
    KullbackLeibler,

    /// <summary>
    /// Σ (q log q − q p), mean over the batch and the classes: what MVD's code computes, since it hands probabilities to a function that expects their logarithms. It is negative mostly, and small; its
    /// least value is not at q = p, and it makes q even more than it draws it to p (spec of MVD §7.4).
    /// </summary>
    PublishedCode,
}

/// <summary>
/// Variational self-distillation (VSD): each modality's own branch teaches its bottleneck, by the divergence of the representation's class scores from the observation's. Spec of MVD §5, §7.4. Needs
/// method variational-distillation.
/// </summary>
public sealed record SelfDistillationSpec : LossSpec
{
    public SelfDistillationSpec() => Weight = 2;

    public DivergenceForm Divergence { get; init; }

    /// <summary>What both logits are divided by first.</summary>
    public double Temperature { get; init; } = 1;
}

/// <summary>
/// Variational cross-distillation (VCD): in the shared branch the observation of the color image teaches the representation of the grey one, and the other way round, half each. Spec of MVD §5, §7.4. Needs
/// method variational-distillation.
/// </summary>
public sealed record CrossDistillationSpec : LossSpec
{
    public CrossDistillationSpec() => Weight = 2;

    public DivergenceForm Divergence { get; init; }
}

/// <summary>
/// Variational mutual learning (VML): the Jensen–Shannon divergence of the shared branch's two representations, which both learn. The paper's (spec of MVD §5); its code leaves it out, since it takes
/// cross-distillation to cover it. Needs method variational-distillation.
/// </summary>
public sealed record MutualDistillationSpec : LossSpec
{
    public MutualDistillationSpec() => Weight = 2;
}
