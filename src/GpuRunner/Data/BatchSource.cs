namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// The batches of a training run by position: the same (epoch, step) gives the same batch, bit for bit, whatever was asked before. So a resumed run
/// needs no sampler state. Reading ahead happens behind this.
/// </summary>
internal abstract class BatchSource : IDisposable
{
    /// <summary>How many batches an epoch has, epochs counted from 0.</summary>
    public abstract int StepsIn(int epoch);

    /// <summary>The batch of one step, epochs and steps counted from 0, where it was made. The caller disposes it.</summary>
    public abstract Batch Load(int epoch, int step);

    public virtual void Dispose()
    {
    }
}
