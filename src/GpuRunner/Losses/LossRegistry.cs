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

    /// <summary>The loss's name in events, tables and reports: its kind in JSON.</summary>
    public static string Name(LossSpec spec) => spec switch
    {
        TripletSpec => "triplet",
        CrossEntropySpec => "cross-entropy",
        LogitDistillationSpec => "logit-distillation",
        LogitMatchingSpec => "logit-matching",
        DistancePreservationSpec => "distance-preservation",
        _ => throw new UnreachableException($"no loss is registered for {spec.GetType().Name}"),
    };
}
