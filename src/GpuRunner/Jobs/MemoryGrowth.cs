using System.Globalization;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>
/// Tells a leak from the ups and downs of a training, at the ends of its epochs. The first ones are warm-up: caches fill and libraries allocate. After that it is a
/// leak when memory has risen ten times in a row, by half and by at least 512 MiB over what it was, and either live tensors became more or half of what the process
/// may have is gone.
/// </summary>
/// <param name="limit">What the process may have, in bytes.</param>
internal sealed class MemoryGrowth(long limit)
{
    private const int WarmUp = 3;
    private const int RisesInARow = 10;
    private const long Least = 512L << 20;

    private int _epochs;
    private int _rises;
    private (long Resident, long Tensors) _baseline;
    private (long Resident, long Tensors) _now;

    /// <summary>The figures in words when it is a leak, else null.</summary>
    public string? Add(long resident, long tensors)
    {
        _rises = resident > _now.Resident ? _rises + 1 : 0;
        _now = (resident, tensors);
        if (++_epochs <= WarmUp)
        {
            _baseline = (Math.Max(_baseline.Resident, resident), tensors);
            _rises = 0;
            return null;
        }

        var grown = resident - _baseline.Resident;
        return _rises >= RisesInARow && grown >= Least && grown >= _baseline.Resident / 2 && (tensors > _baseline.Tensors || resident > limit / 2)
            ? string.Create(CultureInfo.InvariantCulture, $"its process's memory has risen {_rises} epochs in a row: it leaks, or caches without end; {this}")
            : null;
    }

    public override string ToString() => _epochs == 0
        ? "no epoch was over yet"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"after its warm-up it had {ProcessMemory.Text(_baseline.Resident)} and {_baseline.Tensors} live tensors, at the end of the last epoch {ProcessMemory.Text(_now.Resident)} and {_now.Tensors}");
}
