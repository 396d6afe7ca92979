using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>Names as the field writes them: `resnet50`, not `res-net50`.</summary>
public enum BackboneName
{
    [JsonStringEnumMemberName("resnet18")] ResNet18,
    [JsonStringEnumMemberName("resnet34")] ResNet34,
    [JsonStringEnumMemberName("resnet50")] ResNet50,
    [JsonStringEnumMemberName("resnet101")] ResNet101,
}

/// <summary>
/// A backbone, global average pooling, a BNNeck (batch norm with a frozen bias) and a bias-free classifier: spec of VKD §2.
/// <see cref="LastStride"/> 1 and no <see cref="FinalRelu"/> are VKD's; a final ReLU present restores all of the last block's.
/// </summary>
public sealed record ModelSpec(BackboneName Backbone)
{
    public int LastStride { get; init; } = 1;
    public bool FinalRelu { get; init; }
}
