namespace ReidCloud.Weights;

/// <summary>Which part of a network an entry belongs to: what may be absent from a file is absent by parts.</summary>
public enum NetworkPart
{
    Backbone,

    /// <summary>A bottleneck attention module: ImageNet's weights have none, and VKD starts them at random.</summary>
    Attention,

    /// <summary>The learned power of generalised-mean pooling.</summary>
    Pooling,

    /// <summary>AlignedReID's second branch.</summary>
    Local,

    Head,
}

/// <summary>One entry of a network's state dict under our name, which for VKD's networks is the reference's.</summary>
/// <param name="Public">What it is called in the public weights of its network, where there are such: torchvision's, IBN-Net's, torchreid's.</param>
public sealed record NetworkEntry(string Name, long[] Shape, NetworkPart Part, string? Public)
{
    /// <summary>Stands in a head's shape for the number of identities.</summary>
    public const long Identities = -1;

    /// <summary>How many batches a norm has seen: the one entry of whole numbers. PyTorch before 0.4.1 did not save it, and nothing here depends on it.</summary>
    public bool IsCounter => Shape.Length == 0;

    public bool HasShape(IReadOnlyList<long> shape) =>
        shape.Count == Shape.Length && Shape.Zip(shape).All(axis => axis.First == axis.Second || (axis.First == Identities && axis.Second > 0));
}
