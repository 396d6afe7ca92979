using System.Globalization;
using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models.Backbones;

/// <summary>
/// DenseNet-121 (Huang et al. 2017) with torchvision's structure: each layer sees the maps of all layers before it in its block. VKD takes its `features`
/// alone, so the stride stays 32 and the ReLU that follows them is absent (VKD model/net.py; its spec §2.1).
/// </summary>
internal sealed class DenseNet : Backbone
{
    private const int StemWidth = 64;
    private const int Growth = 32;
    private const int BottleneckWidth = 4 * Growth;

    private static readonly int[] LayersPerBlock = [6, 12, 24, 16];

    private readonly Sequential features_layers;

    public DenseNet(ModelSpec spec) : base(nameof(DenseNet))
    {
        var layers = new List<nn.Module<Tensor, Tensor>>
        {
            new Convolution(3, StemWidth, size: 7, stride: 2),
            new BatchNorm(StemWidth),
            nn.ReLU(inplace: true),
            nn.MaxPool2d(kernel_size: 3, stride: 2, padding: 1),
        };
        long channels = StemWidth;
        foreach (var (block, count) in LayersPerBlock.Index())
        {
            layers.Add(new DenseBlock(channels, count));
            channels += count * Growth;
            if (block < LayersPerBlock.Length - 1)
            {
                layers.Add(new Transition(channels));
                channels /= 2;
            }
        }

        layers.Add(new BatchNorm(channels));
        if (spec.FinalRelu)
        {
            layers.Add(nn.ReLU(inplace: true));
        }

        FeatureDim = (int)channels;
        features_layers = nn.Sequential([.. layers]);
        RegisterComponents();
    }

    public override int FeatureDim { get; }

    public override bool StartsByFanIn => true;

    /// <summary>The last block without the transition before it and the norm after it: those keep the teacher's values.</summary>
    public override bool IsLastStage(string entry) => entry.StartsWith("features_layers.10.", StringComparison.Ordinal);

    public override Tensor forward(Tensor images_NCHW) => features_layers.call(images_NCHW);

    public override string Lower(OnnxGraph graph, string input) => graph.Apply(features_layers, input);

    private sealed class DenseBlock : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly List<DenseLayer> _layers = [];

        public DenseBlock(long channels, int count) : base(nameof(DenseBlock))
        {
            for (var layer = 0; layer < count; layer++)
            {
                _layers.Add(new DenseLayer(channels + (layer * Growth)));
                register_module(string.Create(CultureInfo.InvariantCulture, $"denselayer{layer + 1}"), _layers[layer]);
            }

            RegisterComponents();
        }

        /// <summary>What a layer adds joins what it saw; so gradients of old maps are added up once a layer, not once a pair of layers.</summary>
        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var seen = input;
            foreach (var layer in _layers)
            {
                using var added = layer.call(seen);
                var joined = cat([seen, added], 1);
                if (!ReferenceEquals(seen, input))
                {
                    seen.Dispose();
                }

                seen = joined;
            }

            return seen.MoveToOuterDisposeScope();
        }

        public string Lower(OnnxGraph graph, string input) => _layers.Aggregate(input, (seen, layer) => graph.Join(seen, layer.Lower(graph, seen)));
    }

    private sealed class DenseLayer : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly BatchNorm norm1;
        private readonly Convolution conv1;
        private readonly BatchNorm norm2;
        private readonly Convolution conv2;

        public DenseLayer(long channels) : base(nameof(DenseLayer))
        {
            norm1 = new BatchNorm(channels);
            conv1 = new Convolution(channels, BottleneckWidth, size: 1);
            norm2 = new BatchNorm(BottleneckWidth);
            conv2 = new Convolution(BottleneckWidth, Growth, size: 3);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var reduced = conv1.call(norm1.call(input).relu_());
            return conv2.call(norm2.call(reduced).relu_()).MoveToOuterDisposeScope();
        }

        public string Lower(OnnxGraph graph, string input)
        {
            var reduced = graph.Apply(conv1, graph.Rectify(norm1.Lower(graph, input)));
            return graph.Apply(conv2, graph.Rectify(norm2.Lower(graph, reduced)));
        }
    }

    /// <summary>Half the channels, half the height and width. Pooling goes before the 1×1 convolution: the two commute, and it is a quarter of the work.</summary>
    private sealed class Transition : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly BatchNorm norm;
        private readonly Convolution conv;

        public Transition(long channels) : base(nameof(Transition))
        {
            norm = new BatchNorm(channels);
            conv = new Convolution(channels, channels / 2, size: 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return conv.call(nn.functional.avg_pool2d(norm.call(input).relu_(), 2)).MoveToOuterDisposeScope();
        }

        public string Lower(OnnxGraph graph, string input) => graph.Apply(conv, graph.AveragePool(graph.Rectify(norm.Lower(graph, input)), 2));
    }
}
