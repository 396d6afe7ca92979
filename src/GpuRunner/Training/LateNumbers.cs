using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>
/// Numbers that a device was told to compute and to bring to the host, looked at when more work has been queued behind them, so that the device never waits for the host. TorchSharp has no events that
/// would tell when a copy is through. So the memory that it goes to is filled with a mark that no arithmetic makes, and the numbers are there when the last mark is gone.
/// </summary>
internal sealed class LateNumbers : IDisposable
{
    /// <summary>A NaN with a payload of ours.</summary>
    private const long Mark = 0x7FF8_5245_4944_0001;

    /// <summary>Then the device is asked outright, which also tells of its faults.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Device _device;
    private readonly Tensor _host;

    /// <param name="numbers">One-dimensional, float64. Whoever made it disposes it, at any time.</param>
    public LateNumbers(Tensor numbers)
    {
        using var scope = NewDisposeScope();
        _device = numbers.device;
        var marked = tensor(Enumerable.Repeat(BitConverter.Int64BitsToDouble(Mark), (int)numbers.numel()).ToArray());
        _host = (_device.type == DeviceType.CUDA ? marked.pin_memory() : marked).DetachFromDisposeScope();
        _host.copy_(numbers, nonBlocking: true);
    }

    /// <summary>Waits until they are there, not for what was queued behind them.</summary>
    public double[] Read()
    {
        var asked = Stopwatch.GetTimestamp();
        while (Bits().Contains(Mark))
        {
            if (Stopwatch.GetElapsedTime(asked) > Patience)
            {
                cuda.synchronize(_device);
                asked = Stopwatch.GetTimestamp();
            }

            Thread.Yield();
        }

        return Array.ConvertAll(Bits(), BitConverter.Int64BitsToDouble);
    }

    public void Dispose() => _host.Dispose();

    /// <summary>Each read anew: a device writes there.</summary>
    private long[] Bits()
    {
        var bits = new long[_host.numel()];
        var source = MemoryMarshal.Cast<byte, long>(_host.bytes);
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = Volatile.Read(ref source[i]);
        }

        return bits;
    }
}
