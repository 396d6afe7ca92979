using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>The factor on the learning rate, stepped once after each epoch.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantSpec), "constant")]
[JsonDerivedType(typeof(MultiStepSpec), "multi-step")]
public abstract record ScheduleSpec;

public sealed record ConstantSpec : ScheduleSpec;

/// <summary>Multiplies the rate by <see cref="Gamma"/> whenever as many epochs are done as a milestone says.</summary>
public sealed record MultiStepSpec(IReadOnlyList<int> Milestones, double Gamma = 0.1) : ScheduleSpec;
