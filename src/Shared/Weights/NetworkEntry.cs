namespace ReidCloud.Weights;

/// <summary>Which part of a network an entry belongs to: what may be absent from a file is absent by parts.</summary>
public enum NetworkPart
{
    Backbone,

    /// <summary>A bottleneck attention module: ImageNet's weights have none, and VKD starts them at random.</summary>
    Attention,

    Head,
}

/// <summary>One entry of a network's state dict under the reference's name.</summary>
/// <param name="Torchvision">What torchvision calls it, where it knows it.</param>
public sealed record NetworkEntry(string Name, long[] Shape, NetworkPart Part, string? Torchvision)
{
    /// <summary>Stands in a head's shape for the number of identities.</summary>
    public const long Identities = -1;

    /// <summary>How many batches a norm has seen: the one entry of whole numbers. PyTorch before 0.4.1 did not save it, and nothing here depends on it.</summary>
    public bool IsCounter => Shape.Length == 0;

    public bool HasShape(IReadOnlyList<long> shape) =>
        shape.Count == Shape.Length && Shape.Zip(shape).All(axis => axis.First == axis.Second || (axis.First == Identities && axis.Second > 0));
}
