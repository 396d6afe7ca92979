using System.Diagnostics;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>Every loss by what asks for it.</summary>
internal static class LossRegistry
{
    public static Loss Create(LossSpec spec) => spec switch
    {
        TripletSpec triplet => new TripletLoss(triplet),
        CrossEntropySpec crossEntropy => new CrossEntropyLoss(crossEntropy),
        LogitDistillationSpec distillation => new LogitDistillationLoss(distillation),
        LogitMatchingSpec => new LogitMatchingLoss(),
        DistancePreservationSpec preservation => new DistancePreservationLoss(preservation),
        _ => throw new UnreachableException($"no loss is registered for {spec.GetType().Name}"),
    };
}
