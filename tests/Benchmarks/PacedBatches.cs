using System.Diagnostics;
using ReidCloud.GpuRunner.Data;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>Batches that tell how long each block of so many steps took, all of it done by the device; between two blocks something else may have the device.</summary>
internal sealed class PacedBatches(BatchSource batches, int steps, Action<double> finished) : BatchSource
{
    private int _loaded;
    private long _begun;

    /// <summary>When a block begins.</summary>
    public Action? OnBegin { get; init; }

    public override int StepsIn(int epoch) => batches.StepsIn(epoch);

    public override Batch Load(int epoch, int step)
    {
        if (_loaded++ % steps == 0)
        {
            cuda.synchronize();
            if (_loaded > 1)
            {
                finished(Stopwatch.GetElapsedTime(_begun).TotalSeconds);
            }

            OnBegin?.Invoke();
            _begun = Stopwatch.GetTimestamp();
        }

        return batches.Load(epoch, step);
    }
}
