using ReidCloud.GpuRunner.Onnx;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>Images in (N images, C channels, H × W), feature maps out (N, D, h × w). Fields keep the reference's names: they are the checkpoint format.</summary>
internal abstract class Backbone(string name) : nn.Module<Tensor, Tensor>(name), IOnnxLayer
{
    /// <summary>The size of an embedding.</summary>
    public abstract int FeatureDim { get; }

    /// <summary>Channels of the feature map: as many as an embedding has numbers, where nothing comes between.</summary>
    public virtual int MapDim => FeatureDim;

    /// <summary>Whether its convolutions start with a spread by the numbers that go into them, not by those that come out: torchvision's DenseNet alone.</summary>
    public virtual bool StartsByFanIn => false;

    /// <summary>The deviation with which its linear layers start; null: as PyTorch's do, uniformly in ±1/√fan-in.</summary>
    public virtual double? LinearDeviation => null;

    /// <summary>Whether the entry of that name (without the leading `backbone.`) belongs to what a student starts afresh: VKD §6.</summary>
    public abstract bool IsLastStage(string entry);

    /// <summary>What it makes of the pooled map before that is the feature: nothing but in OSNet.</summary>
    public virtual Tensor Project(Tensor pooled_ND) => pooled_ND;

    /// <inheritdoc/>
    public abstract string Lower(OnnxGraph graph, string input);

    /// <summary>The same for <see cref="Project"/>.</summary>
    public virtual string LowerProjection(OnnxGraph graph, string pooled) => pooled;
}
