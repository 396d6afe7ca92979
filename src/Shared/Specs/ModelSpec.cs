using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>Names as the field writes them: `resnet50`, not `res-net50`. With `bam`, stages end in bottleneck attention modules.</summary>
public enum BackboneName
{
    [JsonStringEnumMemberName("resnet18")] ResNet18,
    [JsonStringEnumMemberName("resnet34")] ResNet34,
    [JsonStringEnumMemberName("resnet50")] ResNet50,
    [JsonStringEnumMemberName("resnet101")] ResNet101,
    [JsonStringEnumMemberName("resnet50bam")] ResNet50Bam,
    [JsonStringEnumMemberName("resnet101bam")] ResNet101Bam,
    [JsonStringEnumMemberName("densenet121")] DenseNet121,
    [JsonStringEnumMemberName("mobilenet")] MobileNet,
}

/// <summary>
/// A backbone, global average pooling, a BNNeck (batch norm with a frozen bias) and a bias-free classifier: spec of VKD §2. The defaults are VKD's:
/// <see cref="LastStride"/> 1, but 2 for densenet121, and no <see cref="FinalRelu"/>. With one, a ResNet's last block has all of its ReLUs again,
/// densenet121 one after its last norm, mobilenet its last ReLU6.
/// </summary>
public sealed record ModelSpec(BackboneName Backbone)
{
    public int LastStride { get; init; } = Backbone == BackboneName.DenseNet121 ? 2 : 1;
    public bool FinalRelu { get; init; }
}
