using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>One of three branches of a network of several views: a backbone, its pooling, a neck with a classifier that has a bias, and an information bottleneck. Spec of MVD §2, §3.</summary>
internal sealed class ViewBranch : nn.Module<Tensor, (Tensor Feature_ND, Tensor Logits_NK)>
{
    private readonly Backbone backbone;
    private readonly BnNeck classifier;
    private readonly GeneralizedMean? pooling;
    private readonly InformationBottleneck vib;

    public ViewBranch(ModelSpec spec, MultiViewSpec views, int identities, Backbone backbone) : base(nameof(ViewBranch))
    {
        this.backbone = backbone;
        classifier = new BnNeck(backbone.FeatureDim, identities, biased: true, frozenBias: views.Style == MultiViewStyle.Pytorch);
        pooling = spec.Pooling switch
        {
            PoolingName.Average => null,
            PoolingName.GeneralizedMean => new GeneralizedMean(),
        };
        vib = new InformationBottleneck(backbone.FeatureDim, views.BottleneckDim, identities, views.Dropout);
        RegisterComponents();
    }

    public Backbone Backbone => backbone;

    /// <summary>The observation of images: the feature behind the neck, and its scores.</summary>
    public override (Tensor Feature_ND, Tensor Logits_NK) forward(Tensor images_NCHW) => OfMap(backbone.call(images_NCHW));

    /// <summary>The same from the backbone's map on.</summary>
    public (Tensor Feature_ND, Tensor Logits_NK) OfMap(Tensor map_NDHW) => classifier.call(backbone.Project(pooling?.call(map_NDHW) ?? Pooling.GlobalAverage(map_NDHW)));

    /// <summary>Observation and representation of images.</summary>
    public BranchOutput Say(string name, Tensor images_NCHW)
    {
        var (feature_ND, logits_NK) = call(images_NCHW);
        var (z_NZ, said_NK) = vib.call(feature_ND);
        return new BranchOutput(name, feature_ND, logits_NK, z_NZ, said_NK);
    }

    /// <summary>From images to the observation's feature, in evaluation mode.</summary>
    public string Lower(OnnxGraph graph, string images)
    {
        var map = backbone.Lower(graph, images);
        return classifier.Lower(graph, backbone.LowerProjection(graph, pooling?.Lower(graph, map) ?? graph.GlobalAverage(map)));
    }

    /// <summary>From the observation's feature to the representation.</summary>
    public string LowerRepresentation(OnnxGraph graph, string feature) => graph.Apply(vib.Encoder, feature);
}
