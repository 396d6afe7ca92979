using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>The running statistics of all batch norms of a model, kept to be put into it again: bit for bit.</summary>
internal sealed class NormStatistics : IDisposable
{
    private readonly Tensor[] _kept;

    private NormStatistics(Tensor[] kept) => _kept = kept;

    /// <summary>A copy of what the model has now.</summary>
    /// <param name="device">Where it is kept; null where the model is.</param>
    public static NormStatistics Of(ReidModel model, Device? device = null)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return new NormStatistics([.. In(model).Select(value => (device is null ? value.clone() : value.to(device, copy: true)).DetachFromDisposeScope())]);
    }

    /// <summary>
    /// Resets every batch norm and averages the statistics of these batches in all of them at once, the deeper ones behind those that normalise by the same batch (spec of CBN §4). With no batch means
    /// are 0 and variances 1. The model must be in evaluation mode: nothing in it but its norms learns of it.
    /// </summary>
    /// <param name="batches_NCHW">On the model's device.</param>
    public static void Gather(ReidModel model, IEnumerable<Tensor> batches_NCHW)
    {
        using var frozen = no_grad();
        List<BatchNorm> norms = [.. model.modules().OfType<BatchNorm>()];
        norms.ForEach(norm => norm.BeginGathering());
        try
        {
            foreach (var batch_NCHW in batches_NCHW)
            {
                using var scope = NewDisposeScope();
                model.call(batch_NCHW);
            }
        }
        finally
        {
            norms.ForEach(norm => norm.EndGathering());
        }
    }

    /// <summary>Into the same model, or one of the same kind.</summary>
    public void PutInto(ReidModel model)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (value, kept) in In(model).Zip(_kept))
        {
            value.copy_(kept);
        }
    }

    public void Dispose() => Array.ForEach(_kept, value => value.Dispose());

    private static IEnumerable<Tensor> In(ReidModel model) => model.modules().OfType<BatchNorm>().SelectMany(norm => norm.RunningStatistics);
}
