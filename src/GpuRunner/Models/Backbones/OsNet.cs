using System.Globalization;
using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models.Backbones;

/// <summary>
/// Omni-scale networks (Zhou et al., ICCV 2019) with torchreid's structure and names (torchreid/models/osnet.py): each block looks through windows of four sizes and weighs them by one gate. The
/// map has stride 16. The feature is what a linear layer with batch norm and ReLU makes of the pooled map, 512 numbers at every width; it is part of the backbone
/// here, as it is pretrained with it.
/// </summary>
internal sealed class OsNet : Backbone
{
    /// <summary>Channels behind the stem and behind each stage.</summary>
    internal sealed record Plan(int[] Widths);

    public static readonly Plan X100 = new([64, 256, 384, 512]);
    public static readonly Plan X075 = new([48, 192, 288, 384]);
    public static readonly Plan X050 = new([32, 128, 192, 256]);
    public static readonly Plan X025 = new([16, 64, 96, 128]);

    private const int Projected = 512;
    private const int Reduction = 4;
    private const int GateReduction = 16;

    private readonly Unit conv1;
    private readonly MaxPool2d maxpool;
    private readonly Sequential conv2;
    private readonly Sequential conv3;
    private readonly Sequential conv4;
    private readonly Unit conv5;
    private readonly Sequential fc;

    public OsNet(Plan plan, ModelSpec spec) : base(nameof(OsNet))
    {
        var widths = plan.Widths;
        conv1 = new Unit(3, widths[0], size: 7, stride: 2);
        maxpool = nn.MaxPool2d(kernel_size: 3, stride: 2, padding: 1);
        conv2 = Stage(widths[0], widths[1], halved: true);
        conv3 = Stage(widths[1], widths[2], halved: true);
        conv4 = Stage(widths[2], widths[3], halved: false);
        conv5 = new Unit(widths[3], widths[3]);
        fc = nn.Sequential(nn.Linear(widths[3], Projected), new BatchNorm(Projected));
        if (spec.FinalRelu)
        {
            fc.append(nn.ReLU(inplace: true));
        }

        MapDim = widths[3];
        RegisterComponents();
    }

    public override int FeatureDim => Projected;

    public override int MapDim { get; }

    public override double? LinearDeviation => 0.01;

    /// <summary>What follows the last halving: as much of the network as a ResNet's layer4 is.</summary>
    public override bool IsLastStage(string entry) => ((string[])["conv4.", "conv5.", "fc."]).Any(stage => entry.StartsWith(stage, StringComparison.Ordinal));

    public override Tensor forward(Tensor images_NCHW)
    {
        using var scope = NewDisposeScope();
        var map = conv3.call(conv2.call(maxpool.call(conv1.call(images_NCHW))));
        return conv5.call(conv4.call(map)).MoveToOuterDisposeScope();
    }

    public override Tensor Project(Tensor pooled_ND) => fc.call(pooled_ND);

    public override string Lower(OnnxGraph graph, string input) => ((nn.Module[])[conv1, maxpool, conv2, conv3, conv4, conv5]).Aggregate(input, (value, part) => graph.Apply(part, value));

    public override string LowerProjection(OnnxGraph graph, string pooled) => graph.Apply(fc, pooled);

    private static Sequential Stage(long from, long to, bool halved)
    {
        var blocks = new List<nn.Module<Tensor, Tensor>> { new OmniScale(from, to), new OmniScale(to, to) };
        if (halved)
        {
            blocks.Add(nn.Sequential(new Unit(to, to), new Halving()));
        }

        return nn.Sequential([.. blocks]);
    }

    /// <summary>Convolution, batch norm and, unless it is linear, ReLU.</summary>
    private sealed class Unit : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly bool _rectified;
        private readonly Convolution conv;
        private readonly BatchNorm bn;

        public Unit(long from, long to, long size = 1, long stride = 1, bool rectified = true) : base(nameof(Unit))
        {
            _rectified = rectified;
            conv = new Convolution(from, to, size, stride);
            bn = new BatchNorm(to);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var output = bn.call(conv.call(input));
            return (_rectified ? output.relu_() : output).MoveToOuterDisposeScope();
        }

        public string Lower(OnnxGraph graph, string input)
        {
            var output = bn.Lower(graph, graph.Apply(conv, input));
            return _rectified ? graph.Rectify(output) : output;
        }
    }

    /// <summary>A 3 × 3 convolution made of a 1 × 1 one and one of each channel by itself.</summary>
    private sealed class Light : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly Convolution conv1;
        private readonly Convolution conv2;
        private readonly BatchNorm bn;

        public Light(long width) : base(nameof(Light))
        {
            conv1 = new Convolution(width, width, 1);
            conv2 = new Convolution(width, width, 3, groups: width);
            bn = new BatchNorm(width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return bn.call(conv2.call(conv1.call(input))).relu_().MoveToOuterDisposeScope();
        }

        public string Lower(OnnxGraph graph, string input) => graph.Rectify(bn.Lower(graph, graph.Apply(conv2, graph.Apply(conv1, input))));
    }

    /// <summary>Which channels of a branch matter, from their means: the same weights for every branch.</summary>
    private sealed class Gate : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly Convolution fc1;
        private readonly Convolution fc2;

        public Gate(long width) : base(nameof(Gate))
        {
            fc1 = new Convolution(width, width / GateReduction, size: 1, biased: true);
            fc2 = new Convolution(width / GateReduction, width, size: 1, biased: true);
            RegisterComponents();
        }

        public override Tensor forward(Tensor map_NDHW)
        {
            using var scope = NewDisposeScope();
            return (fc2.call(fc1.call(map_NDHW.mean([2, 3], keepdim: true)).relu_()).sigmoid() * map_NDHW).MoveToOuterDisposeScope();
        }

        public string Lower(OnnxGraph graph, string input) =>
            graph.Product(input, graph.Sigmoid(graph.Apply(fc2, graph.Rectify(graph.Apply(fc1, graph.GlobalMean(input))))));
    }

    /// <summary>Windows of 3, 5, 7 and 9 positions a side, each gated, summed, and joined with what came in.</summary>
    private sealed class OmniScale : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly Unit conv1;
        private readonly Light conv2a;
        private readonly Sequential conv2b;
        private readonly Sequential conv2c;
        private readonly Sequential conv2d;
        private readonly Gate gate;
        private readonly Unit conv3;
        private readonly Unit? downsample;

        public OmniScale(long from, long to) : base(nameof(OmniScale))
        {
            var width = to / Reduction;
            conv1 = new Unit(from, width);
            conv2a = new Light(width);
            conv2b = Deep(width, 2);
            conv2c = Deep(width, 3);
            conv2d = Deep(width, 4);
            gate = new Gate(width);
            conv3 = new Unit(width, to, rectified: false);
            downsample = from == to ? null : new Unit(from, to, rectified: false);
            RegisterComponents();
        }

        private nn.Module<Tensor, Tensor>[] Branches => [conv2a, conv2b, conv2c, conv2d];

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var narrow = conv1.call(input);
            var sum = Branches.Select(branch => gate.call(branch.call(narrow))).Aggregate((all, next) => all + next);
            return conv3.call(sum).add_(downsample?.call(input) ?? input).relu_().MoveToOuterDisposeScope();
        }

        public string Lower(OnnxGraph graph, string input)
        {
            var narrow = conv1.Lower(graph, input);
            var sum = Branches.Select(branch => gate.Lower(graph, graph.Apply(branch, narrow))).Aggregate(graph.Sum);
            return graph.Rectify(graph.Sum(conv3.Lower(graph, sum), downsample?.Lower(graph, input) ?? input));
        }

        private static Sequential Deep(long width, int depth) => nn.Sequential([.. Enumerable.Range(0, depth).Select(i => (i.ToString(CultureInfo.InvariantCulture), (nn.Module<Tensor, Tensor>)new Light(width)))]);
    }

    /// <summary>The mean of squares of two by two positions.</summary>
    private sealed class Halving() : nn.Module<Tensor, Tensor>(nameof(Halving)), IOnnxLayer
    {
        public override Tensor forward(Tensor map_NDHW) => nn.functional.avg_pool2d(map_NDHW, 2);

        public string Lower(OnnxGraph graph, string input) => graph.AveragePool(input, 2);
    }
}
