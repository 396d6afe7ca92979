using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ReidCloud.GpuRunner.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// How a network starts when nothing is loaded: convolutions N(0, 2 / fan-out) (He et al. 2015; DenseNet by fan-in), classifiers N(0, 0.001²), the
/// linear layers of gates U(±1/√fan-in) (PyTorch's default) and OSNet's N(0, 0.01²), every bias 0, batch norms at 1 and 0, the neck's at N(1, <see cref="ModelSpec.NeckDeviation"/>²) and 0, the last of a residual block at 0 and 0
/// as VKD asks of torchvision (`zero_init_residual`), the power of generalised-mean pooling at 3. AlignedReID's local branch starts as its public code leaves it (its
/// spec §1): the convolution, bias too, U(±1/√fan-in), and its norm's weights U(0, 1), a habit of PyTorch before 1.0 that is kept because the published
/// figures were made with it. What MVD's bottlenecks start with, their model says. Each weight has its own stream, named after it: the same seed gives the same network on every machine, and they are drawn side by side.
/// </summary>
internal static class WeightInit
{
    /// <summary>Draws those modules afresh whose name <paramref name="which"/> accepts (all without it). The model must be in float32 on the CPU.</summary>
    public static void Draw(ReidModel model, long seed, string role, Func<string, bool>? which = null)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var drawn = new List<(Tensor Weight, Func<RandomStream, double> Draw, string Stream)>();
        foreach (var (name, module) in model.named_modules().Where(entry => which?.Invoke(entry.name) ?? true))
        {
            switch (module)
            {
                case BatchNorm norm:
                    norm.Reset();
                    if (name == SingleViewModel.LocalNorm)
                    {
                        drawn.Add((norm.get_parameter("weight")!, stream => stream.NextDouble(0, 1), $"init/{role}/{name}"));
                    }
                    else if (model.NormDeviation(name) is { } around)
                    {
                        drawn.Add((norm.get_parameter("weight")!, stream => 1 + (around * stream.NextGaussian()), $"init/{role}/{name}"));
                    }

                    break;
                case InstanceNorm norm:
                    norm.Reset();
                    break;
                case ChannelAttention attention:
                    attention.Reset();
                    break;
                case GeneralizedMean pooling:
                    pooling.Reset();
                    break;
                case Convolution { Bias: { } bias } convolution when name == SingleViewModel.LocalConvolution:
                    var side = 1 / Math.Sqrt(convolution.Weight.shape[1]);
                    drawn.Add((convolution.Weight, stream => stream.NextDouble(-side, side), $"init/{role}/{name}"));
                    drawn.Add((bias, stream => stream.NextDouble(-side, side), $"init/{role}/{name}.bias"));
                    break;
                case Convolution convolution:
                    var fan = convolution.Weight.numel() / convolution.Weight.shape[model.Backbone.StartsByFanIn ? 0 : 1];
                    var spread = Math.Sqrt(2.0 / fan);
                    drawn.Add((convolution.Weight, stream => spread * stream.NextGaussian(), $"init/{role}/{name}"));
                    convolution.Bias?.zero_();
                    break;
                case Linear linear when model.LinearDeviation(name, linear.weight.shape[0]) is { } deviation:
                    drawn.Add((linear.weight, stream => deviation * stream.NextGaussian(), $"init/{role}/{name}"));
                    linear.bias?.zero_();
                    break;
                case Linear gate:
                    var bound = 1 / Math.Sqrt(gate.weight.shape[1]);
                    drawn.Add((gate.weight, stream => stream.NextDouble(-bound, bound), $"init/{role}/{name}"));
                    gate.bias!.zero_();
                    break;
            }
        }

        // The largest first, so that no processor ends with one alone.
        Parallel.ForEach(
            Partitioner.Create([.. drawn.OrderByDescending(one => one.Weight.numel())], EnumerablePartitionerOptions.NoBuffering),
            one => Fill(one.Weight, one.Draw, Seeding.Stream(seed, one.Stream)));
    }

    private static void Fill(Tensor weight, Func<RandomStream, double> draw, RandomStream stream)
    {
        foreach (ref var value in MemoryMarshal.Cast<byte, float>(weight.bytes))
        {
            value = (float)draw(stream);
        }
    }
}
