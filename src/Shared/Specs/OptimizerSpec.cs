using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(AdamSpec), "adam")]
[JsonDerivedType(typeof(SgdSpec), "sgd")]
public abstract record OptimizerSpec(double LearningRate, double WeightDecay)
{
    /// <summary>Parameters that learn otherwise than the rest. A parameter belongs to the first group that it fits.</summary>
    public IReadOnlyList<ParameterGroupSpec> Groups { get; init; } = [];
}

public enum ParameterKind
{
    /// <summary>All of the backbone.</summary>
    Backbone,

    /// <summary>All behind the backbone: pooling, local branch, neck, classifier.</summary>
    Head,

    /// <summary>The information bottlenecks of a network of several views, their classifiers included: a part of its head.</summary>
    Bottlenecks,

    /// <summary>Every bias, those of batch norms included.</summary>
    Biases,

    /// <summary>Weights and biases of batch norms.</summary>
    Norms,
}

/// <summary>The rate of these parameters is the optimizer's times a factor; a weight decay of their own, where one is given.</summary>
public sealed record ParameterGroupSpec(ParameterKind Parameters, double LearningRateFactor = 1)
{
    public double? WeightDecay { get; init; }
}

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
