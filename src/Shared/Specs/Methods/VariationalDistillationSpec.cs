namespace ReidCloud.Specs;

/// <summary>
/// Multi-view variational distillation (Tian et al., CVPR 2021; spec of MVD): a network with a branch for visible light, one for infrared and one that both share (<see cref="ModelSpec.MultiView"/>),
/// each with an information bottleneck, learns from the labels by all eight outputs and from what its branches say of each other. A set is one image. Cross-entropy, triplets, circle and rank loss are sums
/// over the outputs: half of what each modality's own branch sees and keeps, a quarter of what each pass of the shared one does. The losses left out are the paper's as far as it is known, those of its
/// code with true divergences and mutual learning besides; the presets say what either public program had.
/// </summary>
public sealed record VariationalDistillationSpec : MethodSpec
{
    public override IReadOnlyList<LossSpec> Losses { get; init; } =
    [
        new CrossEntropySpec { LabelSmoothing = 0.1 }, new RankSpec(), new OptimalTransportSpec(), new SelfDistillationSpec(), new CrossDistillationSpec(), new MutualDistillationSpec(),
    ];

    public override int SampledViews => 1;
}
