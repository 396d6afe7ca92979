using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(AdamSpec), "adam")]
[JsonDerivedType(typeof(SgdSpec), "sgd")]
public abstract record OptimizerSpec(double LearningRate, double WeightDecay);

/// <summary>Adam with weight decay added to the gradient (L2). Kingma and Ba 2015; the defaults are VKD's.</summary>
public sealed record AdamSpec(double LearningRate = 1e-4, double WeightDecay = 1e-5) : OptimizerSpec(LearningRate, WeightDecay)
{
    public double Beta1 { get; init; } = 0.9;
    public double Beta2 { get; init; } = 0.999;
    public double Epsilon { get; init; } = 1e-8;
}

/// <summary>Stochastic gradient descent with momentum and L2 weight decay.</summary>
public sealed record SgdSpec(double LearningRate, double WeightDecay = 5e-4) : OptimizerSpec(LearningRate, WeightDecay)
{
    public double Momentum { get; init; } = 0.9;
    public bool Nesterov { get; init; }
}
