using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// The one re-identification network: backbone, pooling, neck and classifier, and where the spec says so a local branch. Teacher, student and peer are roles it
/// plays. The embedding is the mean feature of a set before the neck; the logits are the mean over views after the classifier (VKD model/net.py; its spec §2.4).
/// </summary>
internal sealed class ReidModel : nn.Module<Tensor, ModelOutput>, IOnnxLayer
{
    /// <summary>The entry whose rows are the identities.</summary>
    public const string ClassifierEntry = "classifier.classifier.weight";

    /// <summary>The names of all that is not the head begin so.</summary>
    public const string BackbonePrefix = "backbone.";

    /// <summary>The convolution of the local branch, which starts otherwise than a backbone's.</summary>
    public const string LocalConvolution = "local_conv";

    /// <summary>The norm behind it, likewise.</summary>
    public const string LocalNorm = "local_bn";

    private readonly Backbone backbone;
    private readonly nn.Module<Tensor, (Tensor Neck_ND, Tensor Logits_NK)> classifier;
    private readonly GeneralizedMean? pooling;
    private readonly Convolution? local_conv;
    private readonly BatchNorm? local_bn;
    private bool _channelsLast;

    public ReidModel(ModelSpec spec, int identities) : this(spec, identities, BackboneRegistry.Create(spec))
    {
    }

    /// <summary>With a backbone that no spec names, such as one of fewer blocks.</summary>
    internal ReidModel(ModelSpec spec, int identities, Backbone backbone) : base(nameof(ReidModel))
    {
        Spec = spec;
        Identities = identities;
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

    public ModelSpec Spec { get; }

    /// <summary>How many identities the classifier tells apart.</summary>
    public int Identities { get; }

    /// <summary>Numbers in an embedding.</summary>
    public int FeatureDim => backbone.FeatureDim;

    public Backbone Backbone => backbone;

    /// <summary>In which numbers the backbone computes in training mode. In evaluation mode, and behind the backbone, it is float32 always.</summary>
    public Precision Precision { get; set; }

    /// <summary>Whether a student starts the module or entry of that name afresh: the backbone's last stage and all that follows the backbone (VKD §6).</summary>
    public bool IsReinitialized(string name) => !name.StartsWith(BackbonePrefix, StringComparison.Ordinal) || backbone.IsLastStage(name[BackbonePrefix.Length..]);

    /// <summary>To where it is to compute; on a CUDA device in the layout that its tensor cores take.</summary>
    public void MoveTo(Device device)
    {
        this.to(device);
        if (device.type == DeviceType.CUDA)
        {
            LayChannelsLast();
        }
    }

    /// <summary>Weights of convolutions, and from now on images and maps, too, have the channels last in memory. What they hold stays the same.</summary>
    public void LayChannelsLast()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _channelsLast = true;
        foreach (var convolution in modules().OfType<Convolution>())
        {
            convolution.Weight.set_(ChannelsLast.Of(convolution.Weight));
        }
    }

    /// <summary>B sets of V views (C channels, H × W pixels). Four dimensions are sets of one view.</summary>
    public override ModelOutput forward(Tensor images_BVCHW)
    {
        using var scope = NewDisposeScope();
        var isSets = images_BVCHW.dim() == 5;
        var images_NCHW = isSets ? images_BVCHW.flatten(0, 1) : images_BVCHW;
        var numbers_NCHW = training && Precision == Precision.Bfloat16 ? images_NCHW.bfloat16() : images_NCHW;
        var output = OfMap(backbone.call(_channelsLast ? ChannelsLast.Of(numbers_NCHW) : numbers_NCHW), isSets ? images_BVCHW.shape[0] : null);
        output.Embedding_BD.MoveToOuterDisposeScope();
        output.Logits_BK.MoveToOuterDisposeScope();
        output.Feature_ND.MoveToOuterDisposeScope();
        output.Neck_ND.MoveToOuterDisposeScope();
        output.Local_BHC?.MoveToOuterDisposeScope();
        return output;
    }

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

    /// <summary>
    /// What the classifier says of embeddings. In evaluation mode neck and classifier are affine, so of a set's mean feature it says what it says of its
    /// views in the mean.
    /// </summary>
    /// <param name="afterNeck">The neck has been there already.</param>
    public Tensor LogitsOf(Tensor embedding_BD, bool afterNeck = false) =>
        afterNeck && classifier is BnNeck neck ? neck.Classify(embedding_BD) : classifier.call(embedding_BD).Logits_NK;

    /// <summary>From images to their embeddings in front of the neck, in evaluation mode: a set's embedding is the mean of its images'.</summary>
    public string Lower(OnnxGraph graph, string input)
    {
        var map = backbone.Lower(graph, input);
        return backbone.LowerProjection(graph, pooling?.Lower(graph, map) ?? graph.GlobalAverage(map));
    }

    /// <summary>The same behind the neck, where there is one.</summary>
    public string LowerToNeck(OnnxGraph graph, string input) => classifier is BnNeck neck ? neck.Lower(graph, Lower(graph, input)) : Lower(graph, input);

    /// <summary>In training mode, normalise by batch statistics and keep the running ones as they are: how VKD's teacher runs while it teaches (§6).</summary>
    public void UseBatchStatisticsOnly()
    {
        train();
        foreach (var norm in modules().OfType<BatchNorm>())
        {
            norm.BatchStatisticsOnly = true;
        }
    }

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

    /// <summary>
    /// Every parameter and buffer under its PyTorch name, in PyTorch's order (a module's parameters, its buffers, then its children). The tensors are
    /// the model's own.
    /// </summary>
    public IReadOnlyList<(string Name, Tensor Value)> State()
    {
        var entries = new List<(string, Tensor)>();
        Collect("", this, entries);
        return entries;

        static void Collect(string prefix, nn.Module module, List<(string, Tensor)> entries)
        {
            entries.AddRange(module.named_parameters(recurse: false).Select(entry => (prefix + entry.name, (Tensor)entry.parameter)));
            entries.AddRange(module.named_buffers(recurse: false).Select(entry => (prefix + entry.name, entry.buffer)));
            foreach (var (name, child) in module.named_children())
            {
                Collect($"{prefix}{name}.", child, entries);
            }
        }
    }

    /// <summary>Takes over the entries of another model, all or those whose names <paramref name="which"/> accepts; of these it must have every one in the same shape.</summary>
    public void CopyFrom(ReidModel other, Func<string, bool>? which = null)
    {
        using var frozen = no_grad();
        var sources = other.State().ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        foreach (var (name, target) in State().Where(entry => which?.Invoke(entry.Name) ?? true))
        {
            if (!sources.TryGetValue(name, out var source) || !target.shape.SequenceEqual(source.shape))
            {
                throw new ArgumentException($"cannot copy {other.Spec} with {other.Identities} identities to {Spec} with {Identities}: they differ in {name}");
            }

            target.copy_(source);
        }
    }
}
