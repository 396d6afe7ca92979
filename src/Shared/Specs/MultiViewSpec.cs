namespace ReidCloud.Specs;

/// <summary>Which of MVD's two public programs a network of several views is like where they differ (spec of MVD §3, §4).</summary>
public enum MultiViewStyle
{
    /// <summary>The authors': padding on all sides, a neck whose bias is frozen, classifiers that start small.</summary>
    Pytorch,

    /// <summary>
    /// MindSpore's: padding is added at the bottom and the right first, the last norm of a block is slow (eps 0.001, momentum 0.003) and starts at 0, the neck's bias learns, linear
    /// layers start at N(0, 0.01²), and the shared branch sees the image before its grey form.
    /// </summary>
    Mindspore,
}

/// <summary>What an image is searched by: which features of the branches, in which order, and how they are brought to length 1 (spec of MVD §12.1, §13).</summary>
public enum MultiViewFeatures
{
    /// <summary>Observations of infrared, shared-grey, visible and shared-color, together of length 1.</summary>
    Pytorch,

    /// <summary>Observations and then representations of infrared and shared-grey, then those of visible and shared-color, together of length 1: what the authors' program measures while it trains.</summary>
    PytorchValidation,

    /// <summary>The representation of shared-color alone: a short feature, from experiments with MV2D.</summary>
    Mv2d,

    /// <summary>Observations of visible, shared-color, infrared and shared-grey, each of length 1.</summary>
    Mindspore,
}

/// <summary>
/// MVD's network (Tian et al., CVPR 2021; its spec §2): three of the model's backbone, which share nothing, each with a neck, a classifier and an information bottleneck. Every image goes
/// through the visible one as it is, through the infrared one in grey, and through the shared one both ways, whatever its modality. For MVD's own network name backbone `resnet50` with
/// `finalRelu`; it has 82.1 million parameters with 395 identities, about half of the 161.9 that MindSpore's page gives.
/// </summary>
public sealed record MultiViewSpec(MultiViewStyle Style)
{
    internal const int MostDim = 4096;

    /// <summary>Numbers in a representation. The PyTorch program is told 256 and doubles it.</summary>
    public int BottleneckDim { get; init; } = 512;

    /// <summary>How much of what a bottleneck's classifier sees is left out in training. 0: nothing.</summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Attention between channels in front of the second, third and fourth stage, which starts with no effect. Left out with `mindspore`: false.</summary>
    public bool Attention { get; init; } = Style == MultiViewStyle.Pytorch;

    /// <summary>How much of blue is in grey, beside 0.2989 of red and 0.587 of green. Left out with `mindspore`: 0.144, a slip of its program.</summary>
    public double GreyBlue { get; init; } = Style == MultiViewStyle.Pytorch ? 0.114 : 0.144;

    /// <summary>Left out with `mindspore`: `mindspore`.</summary>
    public MultiViewFeatures Features { get; init; } = Style == MultiViewStyle.Pytorch ? MultiViewFeatures.Pytorch : MultiViewFeatures.Mindspore;
}
