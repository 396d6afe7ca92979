using ReidCloud.Specs;

namespace ReidCloud.Weights;

/// <summary>How a file of tensors is told to be MVD's network: by the names of its authors' program, of MindSpore's, or ours (spec of MVD §15.4, §15.10).</summary>
internal static class MultiViewNames
{
    private const string Representation = "bottleneck.model.6.weight";

    /// <summary>The network of that backbone that such a file may be; null of other files.</summary>
    public static ModelSpec? Guess(BackboneName backbone, Dictionary<string, IReadOnlyList<long>> shapes)
    {
        var (style, prefix, attention) =
            shapes.ContainsKey($"shared_Bottleneck.{Representation}") ? (MultiViewStyle.Pytorch, "shared_Bottleneck.", "shared_backbone.cam_256._cam_module.gamma")
            : shapes.ContainsKey($"shared_bottleneck.{Representation}") ? (MultiViewStyle.Mindspore, "shared_bottleneck.", "")
            : (MultiViewStyle.Pytorch, "shared.vib.", "shared.backbone.features_layers.2.cam.gamma");
        if (!shapes.TryGetValue(prefix + Representation, out var shape) || shape is not [>= 1 and <= MultiViewSpec.MostDim, _])
        {
            return null;
        }

        return new ModelSpec(backbone)
        {
            LastStride = style == MultiViewStyle.Mindspore || backbone == BackboneName.DenseNet121 ? 2 : 1,
            FinalRelu = true,
            Pooling = shapes.ContainsKey("shared.pooling.p") ? PoolingName.GeneralizedMean : PoolingName.Average,
            MultiView = new MultiViewSpec(style) { BottleneckDim = (int)shape[0], Attention = backbone.IsResNet() && shapes.ContainsKey(attention) },
        };
    }

    public static string Note(MultiViewSpec views) => views.Style switch
    {
        MultiViewStyle.Pytorch => "named as MVD's network of several views, so taken for that of its authors' program",
        MultiViewStyle.Mindspore => "named as MVD's MindSpore program does, so taken for its network",
    };
}
