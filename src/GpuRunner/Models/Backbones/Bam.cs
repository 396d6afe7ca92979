using ReidCloud.GpuRunner.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models.Backbones;

/// <summary>
/// Bottleneck attention module (Park et al. 2018): x + sigmoid(channel gate · spatial gate) · x. The gates are multiplied where the paper adds them, as
/// VKD does (spec §2.2); unlike any other convolution of the network, those here have biases.
/// </summary>
internal sealed class Bam : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    private const int Reduction = 16;
    private const int Dilation = 4;

    private readonly ChannelGate channel_att;
    private readonly SpatialGate spatial_att;

    public Bam(long channels) : base(nameof(Bam))
    {
        channel_att = new ChannelGate(channels);
        spatial_att = new SpatialGate(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor map_NDHW)
    {
        using var scope = NewDisposeScope();
        var gate_NDHW = (channel_att.call(map_NDHW).type_as(map_NDHW) * spatial_att.call(map_NDHW)).sigmoid_();
        return map_NDHW.addcmul(gate_NDHW, map_NDHW, 1).MoveToOuterDisposeScope();
    }

    public string Lower(OnnxGraph graph, string input)
    {
        var gate = graph.Sigmoid(graph.Product(channel_att.Lower(graph, input), spatial_att.Lower(graph, input)));
        return graph.Sum(input, graph.Product(gate, input));
    }

    /// <summary>Which channels matter: from the mean over all positions, the same everywhere. In float32, as all that follows a pooling.</summary>
    private sealed class ChannelGate : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly Sequential gate_c;

        public ChannelGate(long channels) : base(nameof(ChannelGate))
        {
            gate_c = nn.Sequential(
                ("gate_c_fc_0", nn.Linear(channels, channels / Reduction)),
                ("gate_c_bn_1", new BatchNorm(channels / Reduction)),
                ("gate_c_relu_1", nn.ReLU(inplace: true)),
                ("gate_c_fc_final", nn.Linear(channels / Reduction, channels)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor map_NDHW)
        {
            using var scope = NewDisposeScope();
            return gate_c.call(Pooling.GlobalAverage(map_NDHW)).unsqueeze(2).unsqueeze(3).MoveToOuterDisposeScope();
        }

        public string Lower(OnnxGraph graph, string input) => graph.AsMap(graph.Apply(gate_c, graph.GlobalAverage(input)));
    }

    /// <summary>Which positions matter: from a wide neighbourhood of each, the same for all channels.</summary>
    private sealed class SpatialGate : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        private readonly Sequential gate_s;

        public SpatialGate(long channels) : base(nameof(SpatialGate))
        {
            var width = channels / Reduction;
            gate_s = nn.Sequential(
                ("gate_s_conv_reduce0", new Convolution(channels, width, size: 1, biased: true)),
                ("gate_s_bn_reduce0", new BatchNorm(width)),
                ("gate_s_relu_reduce0", nn.ReLU(inplace: true)),
                ("gate_s_conv_di_0", new Convolution(width, width, size: 3, dilation: Dilation, biased: true)),
                ("gate_s_bn_di_0", new BatchNorm(width)),
                ("gate_s_relu_di_0", nn.ReLU(inplace: true)),
                ("gate_s_conv_di_1", new Convolution(width, width, size: 3, dilation: Dilation, biased: true)),
                ("gate_s_bn_di_1", new BatchNorm(width)),
                ("gate_s_relu_di_1", nn.ReLU(inplace: true)),
                ("gate_s_conv_final", new Convolution(width, 1, size: 1, biased: true)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor map_NDHW) => gate_s.call(map_NDHW);

        public string Lower(OnnxGraph graph, string input) => graph.Apply(gate_s, input);
    }
}
