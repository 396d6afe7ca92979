using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// A re-identification network: what every job needs of one, whatever it is made of. Teacher, student and peer are roles it plays. The embedding of a set is the mean of its
/// images', its logits are the mean over views after the classifier (VKD model/net.py; its spec §2.4).
/// </summary>
internal abstract class ReidModel : nn.Module<Tensor, ModelOutput>, IOnnxLayer
{
    /// <summary>The names of all that is a backbone's, in a network that has one, begin so.</summary>
    public const string BackbonePrefix = "backbone.";

    private bool _channelsLast;
    private (string Name, SeededDropout Module)[]? _dropouts;

    protected ReidModel(string name, ModelSpec spec, int identities) : base(name) => (Spec, Identities) = (spec, identities);

    public ModelSpec Spec { get; }

    /// <summary>How many identities the classifier tells apart.</summary>
    public int Identities { get; }

    /// <summary>Numbers in an embedding.</summary>
    public abstract int FeatureDim { get; }

    /// <summary>The one whose maps show where in an image an identity is found.</summary>
    public abstract Backbone Backbone { get; }

    /// <summary>In which numbers a backbone computes in training mode. In evaluation mode, and behind the backbone, it is float32 always.</summary>
    public Precision Precision { get; set; }

    /// <summary>The network that a spec describes, with its first values as PyTorch's layers have them.</summary>
    public static ReidModel Of(ModelSpec spec, int identities) => spec.MultiView is null
        ? new SingleViewModel(spec, identities)
        : new MultiViewModel(spec, identities);

    /// <summary>The entry of such a network whose rows are the identities.</summary>
    public static string ClassifierEntryOf(ModelSpec spec) => spec.MultiView is null ? SingleViewModel.ClassifierEntry : MultiViewModel.ClassifierEntry;

    /// <summary>The same entry's name in a backbone that is a network's only one, `backbone.…`; null of what is no backbone's.</summary>
    public abstract string? InBackbone(string name);

    /// <summary>Whether a student starts the module or entry of that name afresh: the backbone's last stage and all that follows the backbone (VKD §6).</summary>
    public bool IsReinitialized(string name) => InBackbone(name) is not { } known || Backbone.IsLastStage(known[BackbonePrefix.Length..]);

    /// <summary>The deviation with which the linear layer of that name, of so many numbers that come out, starts; null: as PyTorch's do, uniformly in ±1/√fan-in.</summary>
    public abstract double? LinearDeviation(string name, long outputs);

    /// <summary>The deviation around 1 with which the weights of the batch norm of that name start; null: all at what they are when new.</summary>
    public virtual double? NormDeviation(string name) => null;

    /// <summary>Names the step that comes, of whose name a network with dropout draws what it leaves out. Before every call in training.</summary>
    /// <param name="part">Of the step's batch, where it goes through the network in parts.</param>
    public void BeginStep(StepName step, int part = 0)
    {
        foreach (var (name, dropout) in _dropouts ??= [.. named_modules().Where(entry => entry.module is SeededDropout).Select(entry => (entry.name, (SeededDropout)entry.module))])
        {
            dropout.Begin(name, step, part);
        }
    }

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
        var output = images_BVCHW.dim() == 5 ? OfImages(images_BVCHW.flatten(0, 1), images_BVCHW.shape[0]) : OfImages(images_BVCHW, null);
        scope.MoveToOuter(output.Tensors.OfType<Tensor>());
        return output;
    }

    /// <summary>What the classifier says of what is shown of images by the map of <see cref="Backbone"/>, image by image.</summary>
    public abstract Tensor LogitsOfMap(Tensor map_NDHW);

    /// <summary>
    /// What the classifier says of embeddings. In evaluation mode neck and classifier are affine, so of a set's mean feature it says what it says of its
    /// views in the mean.
    /// </summary>
    /// <param name="afterNeck">The neck has been there already.</param>
    /// <returns>Null where embeddings are not what a classifier takes.</returns>
    public abstract Tensor? LogitsOf(Tensor embedding_BD, bool afterNeck = false);

    /// <summary>From images to their embeddings in front of the neck, in evaluation mode: a set's embedding is the mean of its images'.</summary>
    public abstract string Lower(OnnxGraph graph, string input);

    /// <summary>The same behind the neck, where there is one.</summary>
    public abstract string LowerToNeck(OnnxGraph graph, string input);

    /// <summary>In training mode, normalise by batch statistics and keep the running ones as they are: how VKD's teacher runs while it teaches (§6).</summary>
    public void UseBatchStatisticsOnly()
    {
        train();
        foreach (var norm in modules().OfType<BatchNorm>())
        {
            norm.BatchStatisticsOnly = true;
        }
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

    /// <summary>What it says of images: of so many sets of them, or of each by itself. Nothing of it need outlive the caller's dispose scope.</summary>
    protected abstract ModelOutput OfImages(Tensor images_NCHW, long? sets);

    /// <summary>Images as a backbone takes them now.</summary>
    protected Tensor ForBackbone(Tensor images_NCHW)
    {
        var numbers_NCHW = training && Precision == Precision.Bfloat16 ? images_NCHW.bfloat16() : images_NCHW;
        return _channelsLast ? ChannelsLast.Of(numbers_NCHW) : numbers_NCHW;
    }
}
