using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Onnx;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// Leaves each number out with a probability while its network trains, and makes those that stay larger in turn (Srivastava et al. 2014). What is left out is drawn from a stream that is
/// named after the step, never from libtorch's generators: a resumed run leaves out the same.
/// </summary>
internal sealed class SeededDropout(double probability) : nn.Module<Tensor, Tensor>(nameof(SeededDropout)), IOnnxLayer
{
    /// <summary>What stays, 1, and what is left out, 0, of a tensor of the shape, for each call anew.</summary>
    public Func<long[], byte[]>? Mask { get; set; }

    /// <summary>From here on the numbers of that step, of one part of its batch.</summary>
    /// <param name="name">The module's own.</param>
    public void Begin(string name, StepName step, int part)
    {
        var call = 0;
        Mask = shape => Draw(Seeding.Stream(step.Seed, $"dropout/{step.Role}/{name}", step.Epoch, step.Step, part, call++), shape);
    }

    /// <exception cref="InvalidOperationException">The network trains, and nobody said in which step.</exception>
    public override Tensor forward(Tensor input)
    {
        if (!training || probability == 0)
        {
            return input.alias();
        }

        var mask = Mask ?? throw new InvalidOperationException("a network with dropout trains without knowing in which step: call ReidModel.BeginStep before it");
        using var scope = NewDisposeScope();
        var kept = Upload.To(input.device, tensor(mask(input.shape), input.shape));
        return (input * (kept.to(input.dtype) / (1 - probability))).MoveToOuterDisposeScope();
    }

    public string Lower(OnnxGraph graph, string input) => input;

    private byte[] Draw(RandomStream stream, long[] shape)
    {
        var kept = new byte[shape.Aggregate(1L, (product, size) => product * size)];
        foreach (ref var one in kept.AsSpan())
        {
            one = stream.NextBool(probability) ? (byte)0 : (byte)1;
        }

        return kept;
    }
}
