using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>
/// Names as the field writes them: `resnet50`, not `res-net50`. With `bam`, stages end in bottleneck attention modules (Park et al. 2018). With `ibn-a`, the first norm of every block of
/// the first three stages is half instance, half batch norm (Pan et al. 2018). `osnet` are omni-scale networks of four widths (Zhou et al. 2019).
/// </summary>
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
    [JsonStringEnumMemberName("resnet50-ibn-a")] ResNet50IbnA,
    [JsonStringEnumMemberName("resnet101-ibn-a")] ResNet101IbnA,
    [JsonStringEnumMemberName("osnet-x1-0")] OsNetX100,
    [JsonStringEnumMemberName("osnet-x0-75")] OsNetX075,
    [JsonStringEnumMemberName("osnet-x0-5")] OsNetX050,
    [JsonStringEnumMemberName("osnet-x0-25")] OsNetX025,
}

/// <summary>From a feature map to one vector.</summary>
public enum PoolingName
{
    /// <summary>The mean over all positions.</summary>
    Average,

    /// <summary>(mean of xᵖ)^(1/p) with a learned p, 3 at first, of values clamped at 1e-6 (Radenović et al. 2018, GeM): between the mean and the maximum. Without <see cref="ModelSpec.FinalRelu"/> what is negative counts as 1e-6.</summary>
    GeneralizedMean,
}

/// <summary>What stands between the feature and the classifier.</summary>
public enum NeckName
{
    /// <summary>A batch norm with a frozen bias, and a classifier without one (Luo et al. 2019, BNNeck).</summary>
    BatchNorm,

    /// <summary>Nothing: a linear classifier with a bias on the feature itself, as AlignedReID has it.</summary>
    None,
}

/// <summary>
/// AlignedReID's second branch (spec of AlignedReID §1): the mean over the width, one vector a row of the feature map, by a 1 × 1 convolution with bias to
/// <see cref="Channels"/> numbers, batch norm and ReLU. The rows, top to bottom, are the stripes that local distances align.
/// </summary>
public sealed record LocalBranchSpec(int Channels = 128)
{
    internal const int MostChannels = 2048;
}

/// <summary>
/// A backbone, pooling, a neck and a classifier. The defaults of VKD's networks are VKD's (spec of VKD §2): average pooling, a BNNeck,
/// <see cref="LastStride"/> 1, but 2 for densenet121, and no <see cref="FinalRelu"/>. With one, a ResNet's last block has all of its ReLUs again,
/// densenet121 one after its last norm, mobilenet its last ReLU6. The others have it unless it is asked away: an ibn-a then loses all ReLUs of its last block, as
/// VKD's ResNets do, and osnet the one behind its 512 features. osnet halves no resolution in its last stage: its <see cref="LastStride"/> is 1.
/// </summary>
public sealed record ModelSpec(BackboneName Backbone)
{
    public int LastStride { get; init; } = Backbone == BackboneName.DenseNet121 ? 2 : 1;
    public bool FinalRelu { get; init; } = Backbone.IsIbn() || Backbone.IsOsNet();
    public PoolingName Pooling { get; init; }
    public NeckName Neck { get; init; }

    /// <summary>How far the weights of a batch-norm neck that starts afresh are spread around 1, normally distributed: camera-based batch normalization has 0.02. Zero: all are 1.</summary>
    public double NeckDeviation { get; init; }

    /// <summary>Local features beside the global one. Left out: none.</summary>
    public LocalBranchSpec? Local { get; init; }

    /// <summary>Three such backbones instead of one, for images of two modalities. Left out: one.</summary>
    public MultiViewSpec? MultiView { get; init; }
}

/// <summary>Which networks are of one kind.</summary>
public static class BackboneFamilies
{
    /// <summary>ResNets with half instance norms.</summary>
    public static bool IsIbn(this BackboneName backbone) => backbone is BackboneName.ResNet50IbnA or BackboneName.ResNet101IbnA;

    public static bool IsOsNet(this BackboneName backbone) =>
        backbone is BackboneName.OsNetX100 or BackboneName.OsNetX075 or BackboneName.OsNetX050 or BackboneName.OsNetX025;

    /// <summary>All that go through four stages of blocks that add to what they are given.</summary>
    public static bool IsResNet(this BackboneName backbone) =>
        backbone.IsPlainResNet() || backbone.IsIbn() || backbone is BackboneName.ResNet50Bam or BackboneName.ResNet101Bam;

    /// <summary>torchvision's ResNets, of four depths.</summary>
    public static bool IsPlainResNet(this BackboneName backbone) =>
        backbone is BackboneName.ResNet18 or BackboneName.ResNet34 or BackboneName.ResNet50 or BackboneName.ResNet101;
}
