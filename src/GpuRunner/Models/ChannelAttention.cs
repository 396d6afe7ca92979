using ReidCloud.GpuRunner.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// Attention between channels (Fu et al. 2019, DANet; spec of MVD §3): to each channel is added a mixture of all, of those the most that are least like it, γ times. γ is learned and starts
/// at 0, where nothing is added. In float32 also of a map in bfloat16.
/// </summary>
internal sealed class ChannelAttention : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    private readonly Parameter gamma;

    public ChannelAttention() : base(nameof(ChannelAttention))
    {
        gamma = (Parameter)new Parameter(zeros(1)).DetachFromDisposeScope();
        RegisterComponents();
    }

    public override Tensor forward(Tensor map_NDHW)
    {
        using var scope = NewDisposeScope();
        var channel_NDP = (Pooling.Wide(map_NDHW) is { } numbers ? map_NDHW.to(numbers) : map_NDHW).flatten(2);
        var alike_NDD = channel_NDP.bmm(channel_NDP.transpose(1, 2));
        var share_NDD = (alike_NDD.amax([2], keepdim: true) - alike_NDD).softmax(2);
        return (gamma * share_NDD.bmm(channel_NDP)).view(map_NDHW.shape).to(map_NDHW.dtype).add_(map_NDHW).MoveToOuterDisposeScope();
    }

    /// <summary>The softmax of what is left of a row's largest is that of the negative: it does not depend on what all of a row have in common.</summary>
    public string Lower(OnnxGraph graph, string input)
    {
        var channel = graph.Positions(input);
        var share = graph.Softmax(graph.Negative(graph.Matrix(channel, graph.Transposed(channel))));
        return graph.Sum(graph.Like(graph.Product(graph.Matrix(share, channel), graph.Numbers(gamma)), input), input);
    }

    /// <summary>Everything as it was when new.</summary>
    public void Reset()
    {
        using var frozen = no_grad();
        gamma.fill_(0);
    }
}
