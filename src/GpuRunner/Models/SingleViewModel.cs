using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>One backbone, pooling, neck and classifier, and where the spec says so a local branch. The embedding is the feature before the neck.</summary>
internal sealed class SingleViewModel : ReidModel
{
    /// <summary>The entry whose rows are the identities.</summary>
    public const string ClassifierEntry = "classifier.classifier.weight";

    /// <summary>The convolution of the local branch, which starts otherwise than a backbone's.</summary>
    public const string LocalConvolution = "local_conv";

    /// <summary>The norm behind it, likewise.</summary>
    public const string LocalNorm = "local_bn";

    /// <summary>The norm of the neck, where there is one.</summary>
    public const string NeckNorm = "classifier.bottleneck";

    /// <summary>With which classifiers start.</summary>
    private const double ClassifierDeviation = 0.001;

    private readonly Backbone backbone;
    private readonly nn.Module<Tensor, (Tensor Neck_ND, Tensor Logits_NK)> classifier;
    private readonly GeneralizedMean? pooling;
    private readonly Convolution? local_conv;
    private readonly BatchNorm? local_bn;

    public SingleViewModel(ModelSpec spec, int identities) : this(spec, identities, BackboneRegistry.Create(spec))
    {
    }

    /// <summary>With a backbone that no spec names, such as one of fewer blocks.</summary>
    internal SingleViewModel(ModelSpec spec, int identities, Backbone backbone) : base(nameof(SingleViewModel), spec, identities)
    {
        this.backbone = backbone;
        classifier = spec.Neck switch
        {
            NeckName.BatchNorm => new BnNeck(backbone.FeatureDim, identities),
            NeckName.None => new LinearClassifier(backbone.FeatureDim, identities),
        };
        pooling = spec.Pooling switch
        {
            PoolingName.Average => null,
            PoolingName.GeneralizedMean => new GeneralizedMean(),
        };
        if (spec.Local is { } local)
        {
            local_conv = new Convolution(backbone.MapDim, local.Channels, size: 1, biased: true);
            local_bn = new BatchNorm(local.Channels);
        }

        RegisterComponents();
    }

    public override int FeatureDim => backbone.FeatureDim;

    public override Backbone Backbone => backbone;

    public override string? InBackbone(string name) => name.StartsWith(BackbonePrefix, StringComparison.Ordinal) ? name : null;

    public override double? LinearDeviation(string name, long outputs) => InBackbone(name) is null ? ClassifierDeviation : backbone.LinearDeviation;

    public override double? NormDeviation(string name) => name == NeckNorm && Spec.NeckDeviation > 0 ? Spec.NeckDeviation : null;

    /// <summary>What the model says from the backbone's feature map on: of so many sets, or of each image by itself.</summary>
    public ModelOutput OfMap(Tensor map_NDHW, long? sets = null)
    {
        var feature_ND = backbone.Project(pooling?.call(map_NDHW) ?? Pooling.GlobalAverage(map_NDHW));
        var (neck_ND, logits_NK) = classifier.call(feature_ND);
        return new ModelOutput(
            sets is { } b ? feature_ND.view(b, -1, FeatureDim).mean([1]) : feature_ND.alias(),
            sets is { } c ? logits_NK.view(c, -1, Identities).mean([1]) : logits_NK.alias(),
            feature_ND,
            neck_ND)
        {
            Local_BHC = LocalOf(map_NDHW, sets),
        };
    }

    public override Tensor LogitsOfMap(Tensor map_NDHW) => OfMap(map_NDHW).Logits_BK;

    public override Tensor? LogitsOf(Tensor embedding_BD, bool afterNeck = false) =>
        afterNeck && classifier is BnNeck neck ? neck.Classify(embedding_BD) : classifier.call(embedding_BD).Logits_NK;

    public override string Lower(OnnxGraph graph, string input)
    {
        var map = backbone.Lower(graph, input);
        return backbone.LowerProjection(graph, pooling?.Lower(graph, map) ?? graph.GlobalAverage(map));
    }

    public override string LowerToNeck(OnnxGraph graph, string input) => classifier is BnNeck neck ? neck.Lower(graph, Lower(graph, input)) : Lower(graph, input);

    protected override ModelOutput OfImages(Tensor images_NCHW, long? sets) => OfMap(backbone.call(ForBackbone(images_NCHW)), sets);

    /// <summary>Stripes of the map, top to bottom: AlignedReID §1. A set's are the mean of its views'.</summary>
    private Tensor? LocalOf(Tensor map_NDHW, long? sets)
    {
        if (local_conv is null || local_bn is null)
        {
            return null;
        }

        var stripe_NCH = local_bn.call(local_conv.call(map_NDHW.mean([3], keepdim: true, Pooling.Wide(map_NDHW)))).relu().squeeze(3);
        var stripe_NHC = stripe_NCH.transpose(1, 2).contiguous();
        return sets is { } b ? stripe_NHC.unflatten(0, b, -1).mean([1]) : stripe_NHC;
    }
}
