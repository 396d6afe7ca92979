namespace ReidCloud.Specs;

/// <summary>Labels only: how every teacher is made. Spec of VKD §5; N = 8 views of a tracklet on MARS and Duke, 1 on VeRi.</summary>
public sealed record SupervisedSpec(int Views = 8) : MethodSpec
{
    public override IReadOnlyList<LossSpec> Losses { get; init; } = [new TripletSpec(), new CrossEntropySpec()];

    public override int SampledViews => Views;
}
