using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models.Backbones;

/// <summary>
/// MobileNetV2 (Sandler et al. 2018) with torchvision's structure, as VKD modifies it: its last strided block keeps the resolution, and no ReLU6 follows
/// the last convolution (VKD model/net.py; its spec §2.1).
/// </summary>
internal sealed class MobileNet : Backbone
{
    private const int StemWidth = 32;
    private const int LastWidth = 1280;

    /// <summary>Expansion, width, number of blocks and stride of the first, by stage.</summary>
    private static readonly (int Expansion, int Width, int Blocks, int Stride)[] Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, LastStage), (6, 320, 1, 1)];

    /// <summary>In the place of the stride that the spec gives.</summary>
    private const int LastStage = 0;

    private readonly Sequential features_layers;

    public MobileNet(ModelSpec spec) : base(nameof(MobileNet))
    {
        var layers = new List<nn.Module<Tensor, Tensor>> { Unit(3, StemWidth, size: 3, stride: 2) };
        long channels = StemWidth;
        foreach (var (expansion, width, blocks, stride) in Stages)
        {
            for (var block = 0; block < blocks; block++)
            {
                layers.Add(new InvertedResidual(channels, width, expansion, block > 0 ? 1 : stride == LastStage ? spec.LastStride : stride));
                channels = width;
            }
        }

        layers.Add(Unit(channels, LastWidth, size: 1, rectified: spec.FinalRelu));
        features_layers = nn.Sequential([.. layers]);
        RegisterComponents();
    }

    public override int FeatureDim => LastWidth;

    /// <summary>None: of a MobileNet student only the head starts afresh.</summary>
    public override bool IsLastStage(string entry) => false;

    public override Tensor forward(Tensor images_NCHW) => features_layers.call(images_NCHW);

    public override string Lower(OnnxGraph graph, string input) => graph.Apply(features_layers, input);

    private static Sequential Unit(long from, long to, long size, long stride = 1, long groups = 1, bool rectified = true)
    {
        var layers = nn.Sequential(
            new Convolution(from, to, size, stride, groups: groups),
            new BatchNorm(to));
        return rectified ? layers.append(new Relu6()) : layers;
    }

    /// <summary>Widen, filter each channel by itself, narrow; the narrow ends are linear, and are joined where they fit.</summary>
    private sealed class InvertedResidual : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly bool _joined;
        private readonly Sequential conv;

        public InvertedResidual(long from, long to, long expansion, long stride) : base(nameof(InvertedResidual))
        {
            var hidden = from * expansion;
            _joined = stride == 1 && from == to;
            var layers = new List<nn.Module<Tensor, Tensor>>();
            if (expansion > 1)
            {
                layers.Add(Unit(from, hidden, size: 1));
            }

            layers.Add(Unit(hidden, hidden, size: 3, stride, groups: hidden));
            layers.Add(new Convolution(hidden, to, size: 1));
            layers.Add(new BatchNorm(to));
            conv = nn.Sequential([.. layers]);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var output = conv.call(input);
            return (_joined ? output.add_(input) : output).MoveToOuterDisposeScope();
        }

        public string Lower(OnnxGraph graph, string input)
        {
            var output = graph.Apply(conv, input);
            return _joined ? graph.Sum(output, input) : output;
        }
    }
}
