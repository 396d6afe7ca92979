using System.Runtime.InteropServices;
using ReidCloud.GpuRunner.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// How a network starts when nothing is loaded: convolutions N(0, 2 / fan-out) (He et al. 2015; DenseNet by fan-in), classifiers N(0, 0.001²), the
/// linear layers of gates U(±1/√fan-in) (PyTorch's default), every bias 0, batch norms at 1 and 0, the last of a residual block at 0 and 0 as VKD asks
/// of torchvision (`zero_init_residual`). Each weight has its own stream, named after it: the same seed gives the same network on every machine.
/// </summary>
internal static class WeightInit
{
    private const double ClassifierDeviation = 0.001;

    /// <summary>Draws those modules afresh whose name <paramref name="which"/> accepts (all without it). The model must be in float32 on the CPU.</summary>
    public static void Draw(ReidModel model, long seed, string role, Func<string, bool>? which = null)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, module) in model.named_modules().Where(entry => which?.Invoke(entry.name) ?? true))
        {
            switch (module)
            {
                case BatchNorm norm:
                    norm.Reset();
                    break;
                case Conv2d convolution:
                    var fan = convolution.weight.numel() / convolution.weight.shape[model.Backbone.StartsByFanIn ? 0 : 1];
                    var spread = Math.Sqrt(2.0 / fan);
                    Fill(convolution.weight, stream => spread * stream.NextGaussian(), Seeding.Stream(seed, $"init/{role}/{name}"));
                    convolution.bias?.zero_();
                    break;
                case Linear { bias: null } classifier:
                    Fill(classifier.weight, stream => ClassifierDeviation * stream.NextGaussian(), Seeding.Stream(seed, $"init/{role}/{name}"));
                    break;
                case Linear gate:
                    var bound = 1 / Math.Sqrt(gate.weight.shape[1]);
                    Fill(gate.weight, stream => stream.NextDouble(-bound, bound), Seeding.Stream(seed, $"init/{role}/{name}"));
                    gate.bias!.zero_();
                    break;
            }
        }
    }

    private static void Fill(Tensor weight, Func<RandomStream, double> draw, RandomStream stream)
    {
        foreach (ref var value in MemoryMarshal.Cast<byte, float>(weight.bytes))
        {
            value = (float)draw(stream);
        }
    }
}
