using ReidCloud.GpuRunner.Onnx;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>Images in (N images, C channels, H × W), feature maps out (N, D, h × w). Fields keep the reference's names: they are the checkpoint format.</summary>
internal abstract class Backbone(string name) : nn.Module<Tensor, Tensor>(name), IOnnxLayer
{
    /// <summary>Channels of the feature map, so the size of an embedding.</summary>
    public abstract int FeatureDim { get; }

    /// <summary>Whether its convolutions start with a spread by the numbers that go into them, not by those that come out: torchvision's DenseNet alone.</summary>
    public virtual bool StartsByFanIn => false;

    /// <summary>Whether the entry of that name (without the leading `backbone.`) belongs to what a student starts afresh: VKD §6.</summary>
    public abstract bool IsLastStage(string entry);

    /// <inheritdoc/>
    public abstract string Lower(OnnxGraph graph, string input);
}
