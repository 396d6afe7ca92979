using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>The factor on the learning rate, stepped once after each epoch.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantSpec), "constant")]
[JsonDerivedType(typeof(MultiStepSpec), "multi-step")]
[JsonDerivedType(typeof(ExponentialSpec), "exponential")]
[JsonDerivedType(typeof(CosineSpec), "cosine")]
public abstract record ScheduleSpec
{
    /// <summary>Begin with less. Left out: at once with the full rate.</summary>
    public WarmupSpec? Warmup { get; init; }
}

/// <summary>
/// A factor besides that rises in a straight line towards 1: in epoch k, counted from 1, it is StartFactor · (1 − k / Epochs) + k / Epochs, and 1 from k = Epochs on.
/// </summary>
public sealed record WarmupSpec(int Epochs = 10, double StartFactor = 0.01);

public sealed record ConstantSpec : ScheduleSpec;

/// <summary>
/// Multiplies the rate by <see cref="Gamma"/> whenever as many epochs are done as a milestone says. Programs that count epochs from 1 and lower the rate in epoch m,
/// as AlignedReID's staircase does, have the milestone m − 1 here.
/// </summary>
public sealed record MultiStepSpec(IReadOnlyList<int> Milestones, double Gamma = 0.1) : ScheduleSpec;

/// <summary>
/// The full rate before epoch <see cref="StartEpoch"/> (counted from 1), and from it on exponentially down to <see cref="FinalFactor"/> of it in the last epoch. Spec of AlignedReID §7.
/// </summary>
public sealed record ExponentialSpec(int StartEpoch, double FinalFactor = 0.001) : ScheduleSpec;

/// <summary>Half a cosine over all epochs, from the full rate down towards <see cref="FinalFactor"/> of it (Loshchilov and Hutter 2017, without restarts).</summary>
public sealed record CosineSpec(double FinalFactor = 0) : ScheduleSpec;
