using ReidCloud.GpuRunner.Onnx;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>Instance norm of the first half of the channels, batch norm of the others: what an image looks like is taken off, what it shows is kept. Pan et al. 2018 (IBN-a).</summary>
internal sealed class MixedNorm : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    private readonly long _half;
    private readonly long _channels;
    private readonly InstanceNorm IN;
    private readonly BatchNorm BN;

    public MixedNorm(long channels) : base(nameof(MixedNorm))
    {
        (_half, _channels) = (channels / 2, channels);
        IN = new InstanceNorm(_half);
        BN = new BatchNorm(channels - _half);
        RegisterComponents();
    }

    public override Tensor forward(Tensor map_NDHW)
    {
        using var scope = NewDisposeScope();
        var each = IN.call(map_NDHW.narrow(1, 0, _half));
        var all = BN.call(map_NDHW.narrow(1, _half, _channels - _half));
        return cat([each, all], 1).MoveToOuterDisposeScope();
    }

    public string Lower(OnnxGraph graph, string input) =>
        graph.Join(IN.Lower(graph, graph.Channels(input, 0, _half)), BN.Lower(graph, graph.Channels(input, _half, _channels)));
}
