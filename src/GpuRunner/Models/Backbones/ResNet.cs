using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models.Backbones;

/// <summary>
/// Deep residual networks (He et al. 2016) with torchvision's structure, as VKD modifies them: the last stage keeps the resolution, and the last
/// block has no ReLU at all. Why none: in torchvision one `relu` module serves all places of a block, so replacing it by the identity, meant for
/// the one after the sum, removes every one (VKD model/net.py). Public weights depend on it. With attention, all stages but the last end in a
/// <see cref="Bam"/>; with mixed norms (IBN-a, Pan et al. 2018), every block's first norm in them is a <see cref="MixedNorm"/>. As a branch of
/// MVD's network (its spec §3) it may have <see cref="ChannelAttention"/> in front of every stage but the first, and in MindSpore's style <see cref="EndPadding"/> and a slow last norm in each block.
/// </summary>
internal sealed class ResNet : Backbone
{
    /// <summary>Blocks per stage, and whether a block is a bottleneck (1×1, 3×3, 1×1) or basic (3×3, 3×3).</summary>
    internal sealed record Plan(bool Bottleneck, int[] Blocks, bool Attention = false, bool MixedNorms = false);

    public static readonly Plan R18 = new(false, [2, 2, 2, 2]);
    public static readonly Plan R34 = new(false, [3, 4, 6, 3]);
    public static readonly Plan R50 = new(true, [3, 4, 6, 3]);
    public static readonly Plan R101 = new(true, [3, 4, 23, 3]);
    public static readonly Plan R50Bam = R50 with { Attention = true };
    public static readonly Plan R101Bam = R101 with { Attention = true };
    public static readonly Plan R50IbnA = R50 with { MixedNorms = true };
    public static readonly Plan R101IbnA = R101 with { MixedNorms = true };

    /// <summary>What channel attention is called in the stage that it is in front of.</summary>
    public const string AttentionName = "cam";

    /// <summary>Of the last norm of a block in MindSpore's own ResNet, as PyTorch counts.</summary>
    private const double SlowMomentum = 0.003;
    private const double SlowEpsilon = 1e-3;

    private const int StemWidth = 64;
    private const int BottleneckExpansion = 4;

    private readonly Sequential features_layers;

    public ResNet(Plan plan, ModelSpec spec) : base(nameof(ResNet))
    {
        var endPadded = spec.MultiView is { Style: MultiViewStyle.Mindspore };
        var stages = new List<nn.Module<Tensor, Tensor>> { Stem(endPadded) };
        long channels = StemWidth;
        for (var stage = 0; stage < plan.Blocks.Length; stage++)
        {
            var isLast = stage == plan.Blocks.Length - 1;
            var width = (long)StemWidth << stage;
            var stride = stage == 0 ? 1 : isLast ? spec.LastStride : 2;
            var blocks = new List<(string, nn.Module<Tensor, Tensor>)>();
            for (var block = 0; block < plan.Blocks[stage]; block++)
            {
                var rectified = spec.FinalRelu || !isLast || block < plan.Blocks[stage] - 1;
                blocks.Add(($"{block}", plan.Bottleneck
                    ? new BottleneckBlock(channels, width, block == 0 ? stride : 1, rectified, plan.MixedNorms && !isLast, endPadded)
                    : new BasicBlock(channels, width, block == 0 ? stride : 1, rectified)));
                channels = plan.Bottleneck ? width * BottleneckExpansion : width;
            }

            if (plan.Attention && !isLast)
            {
                blocks.Add(("bam", new Bam(channels)));
            }

            var whole = nn.Sequential([.. blocks]);
            stages.Add(stage > 0 && spec.MultiView is { Attention: true } ? nn.Sequential((AttentionName, new ChannelAttention()), ("0", whole)) : nn.Sequential(whole));
        }

        FeatureDim = (int)channels;
        features_layers = nn.Sequential([.. stages]);
        RegisterComponents();
    }

    public override int FeatureDim { get; }

    public override bool IsLastStage(string entry) => entry.StartsWith("features_layers.4.", StringComparison.Ordinal);

    public override Tensor forward(Tensor images_NCHW) => features_layers.call(images_NCHW);

    public override string Lower(OnnxGraph graph, string input) => graph.Apply(features_layers, input);

    private static Sequential Stem(bool endPadded) => nn.Sequential(
        new Convolution(3, StemWidth, size: 7, stride: 2, endPadded: endPadded),
        new BatchNorm(StemWidth),
        nn.ReLU(inplace: true),
        endPadded ? new EndPaddedMaxPool(size: 3, stride: 2) : nn.MaxPool2d(kernel_size: 3, stride: 2, padding: 1));

    /// <summary>What the shortcut needs to fit the block's output; nothing where it fits already.</summary>
    private static Sequential? Downsample(long from, long to, long stride) =>
        stride == 1 && from == to ? null : nn.Sequential(new Convolution(from, to, 1, stride), new BatchNorm(to));

    private sealed class BasicBlock : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly bool _rectified;
        private readonly Convolution conv1;
        private readonly BatchNorm bn1;
        private readonly Convolution conv2;
        private readonly BatchNorm bn2;
        private readonly Sequential? downsample;

        public BasicBlock(long from, long width, long stride, bool rectified) : base(nameof(BasicBlock))
        {
            _rectified = rectified;
            conv1 = new Convolution(from, width, 3, stride);
            bn1 = new BatchNorm(width);
            conv2 = new Convolution(width, width, 3);
            bn2 = new BatchNorm(width, initialWeight: 0);
            downsample = Downsample(from, width, stride);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var output = Rectify(bn1.call(conv1.call(input)), _rectified);
            output = bn2.call(conv2.call(output)).add_(downsample?.call(input) ?? input);
            return Rectify(output, _rectified).MoveToOuterDisposeScope();
        }

        public string Lower(OnnxGraph graph, string input)
        {
            var output = Rectify(graph, bn1.Lower(graph, graph.Apply(conv1, input)), _rectified);
            output = bn2.Lower(graph, graph.Apply(conv2, output));
            return Rectify(graph, graph.Sum(output, Shortcut(graph, downsample, input)), _rectified);
        }
    }

    private sealed class BottleneckBlock : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly bool _rectified;
        private readonly Convolution conv1;
        private readonly nn.Module<Tensor, Tensor> bn1;
        private readonly Convolution conv2;
        private readonly BatchNorm bn2;
        private readonly Convolution conv3;
        private readonly BatchNorm bn3;
        private readonly Sequential? downsample;

        public BottleneckBlock(long from, long width, long stride, bool rectified, bool mixed, bool endPadded) : base(nameof(BottleneckBlock))
        {
            _rectified = rectified;
            conv1 = new Convolution(from, width, 1);
            bn1 = mixed ? new MixedNorm(width) : new BatchNorm(width);
            conv2 = new Convolution(width, width, 3, stride, endPadded: endPadded);
            bn2 = new BatchNorm(width);
            conv3 = new Convolution(width, width * BottleneckExpansion, 1);
            bn3 = endPadded
                ? new BatchNorm(width * BottleneckExpansion, initialWeight: 0, momentum: SlowMomentum, epsilon: SlowEpsilon)
                : new BatchNorm(width * BottleneckExpansion, initialWeight: 0);
            downsample = Downsample(from, width * BottleneckExpansion, stride);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var output = Rectify(bn1.call(conv1.call(input)), _rectified);
            output = Rectify(bn2.call(conv2.call(output)), _rectified);
            output = bn3.call(conv3.call(output)).add_(downsample?.call(input) ?? input);
            return Rectify(output, _rectified).MoveToOuterDisposeScope();
        }

        public string Lower(OnnxGraph graph, string input)
        {
            var output = Rectify(graph, graph.Apply(bn1, graph.Apply(conv1, input)), _rectified);
            output = Rectify(graph, bn2.Lower(graph, graph.Apply(conv2, output)), _rectified);
            output = bn3.Lower(graph, graph.Apply(conv3, output));
            return Rectify(graph, graph.Sum(output, Shortcut(graph, downsample, input)), _rectified);
        }
    }

    /// <summary>In place: norms keep their input, not their output, for the gradient.</summary>
    private static Tensor Rectify(Tensor value, bool rectified) => rectified ? value.relu_() : value;

    private static string Rectify(OnnxGraph graph, string value, bool rectified) => rectified ? graph.Rectify(value) : value;

    private static string Shortcut(OnnxGraph graph, Sequential? downsample, string input) => downsample is null ? input : graph.Apply(downsample, input);
}
