using System.Diagnostics;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>Every loss by what asks for it.</summary>
internal static class LossRegistry
{
    /// <param name="identities">How many there are to tell apart.</param>
    /// <param name="featureDim">Numbers in an embedding of the model that learns.</param>
    public static Loss Create(LossSpec spec, int identities, int featureDim) => spec switch
    {
        TripletSpec triplet => new TripletLoss(triplet),
        CrossEntropySpec crossEntropy => new CrossEntropyLoss(crossEntropy),
        LogitDistillationSpec distillation => new LogitDistillationLoss(distillation),
        LogitMatchingSpec => new LogitMatchingLoss(),
        DistancePreservationSpec preservation => new DistancePreservationLoss(preservation),
        LocalTripletSpec local => new LocalTripletLoss(local),
        MutualProbabilitySpec => new MutualProbabilityLoss(),
        MutualDistanceSpec distance => new MutualDistanceLoss(distance),
        MutualLocalDistanceSpec distance => new MutualLocalDistanceLoss(distance),
        CenterSpec center => new CenterLoss(center, identities, featureDim),
        CircleSpec circle => new CircleLoss(circle),
        RankSpec rank => new RankLoss(rank),
        CenterTripletSpec triplet => new CenterTripletLoss(triplet),
        OptimalTransportSpec => new OptimalTransportLoss(),
        SelfDistillationSpec distillation => new SelfDistillationLoss(distillation),
        CrossDistillationSpec distillation => new CrossDistillationLoss(distillation),
        MutualDistillationSpec => new MutualDistillationLoss(),
        _ => throw new UnreachableException($"no loss is registered for {spec.GetType().Name}"),
    };
}
