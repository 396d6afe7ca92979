using System.Globalization;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>
/// Looks every second, on a thread of its own, whether an attempt goes on and what memory its process has: the job's own thread may be stuck in native code. Only
/// time in which it was awake itself counts: a process that was stopped as a whole is not hung.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _stall;
    private readonly long _memoryLimit;
    private readonly TimeProvider _time;
    private readonly Action _hung;
    private readonly Action<string> _outgrown;
    private readonly MemoryGrowth _growth;
    private readonly ManualResetEventSlim _over = new();
    private readonly Thread _thread;
    private long _signs;
    private int _waits;
    private bool _told;

    /// <param name="stall">Without a sign of life for so long the attempt is hung.</param>
    /// <param name="memoryLimit">What its process may have, in bytes.</param>
    /// <param name="hung">Is called once, on this thread.</param>
    /// <param name="outgrown">Is called once, with the figures, on this thread or the job's.</param>
    public Watchdog(TimeSpan stall, long memoryLimit, TimeProvider time, Action hung, Action<string> outgrown)
    {
        (_stall, _memoryLimit, _time, _hung, _outgrown, _growth) = (stall, memoryLimit, time, hung, outgrown, new MemoryGrowth(memoryLimit));
        _thread = new Thread(Watch) { IsBackground = true, Name = "watchdog", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>The job has finished something.</summary>
    public void SignOfLife() => Interlocked.Increment(ref _signs);

    /// <summary>Until this is disposed of the job waits for the storage, which has a patience of its own.</summary>
    public IDisposable WaitForStorage()
    {
        Interlocked.Increment(ref _waits);
        return new Wait(this);
    }

    /// <summary>An epoch is over: always the same place, so that growth from one to the next is growth.</summary>
    public void EpochIsOver(long resident, long liveTensors)
    {
        if (_growth.Add(resident, liveTensors) is { } words)
        {
            Tell(words);
        }
    }

    public void Dispose()
    {
        _over.Set();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }

        _over.Dispose();
    }

    private void Watch()
    {
        var (seen, looked, still) = (Interlocked.Read(ref _signs), _time.GetTimestamp(), TimeSpan.Zero);
        var pause = _stall / 4 < Beat ? _stall / 4 : Beat;
        while (!_over.Wait(pause))
        {
            var (signs, passed) = (Interlocked.Read(ref _signs), _time.GetElapsedTime(looked));
            looked = _time.GetTimestamp();
            still = signs != seen || Volatile.Read(ref _waits) > 0 ? TimeSpan.Zero : still + (passed < 2 * pause ? passed : 2 * pause);
            seen = signs;
            if (still >= _stall)
            {
                _hung();
                return;
            }

            if (ProcessMemory.Resident() is var resident && resident > _memoryLimit)
            {
                Tell(string.Create(
                    CultureInfo.InvariantCulture,
                    $"its process has {ProcessMemory.Text(resident)} of memory and may have {ProcessMemory.Text(_memoryLimit)} (ReidCloud__MemoryLimitMiB, else 90 % of the machine's or container's); {_growth}"));
            }
        }
    }

    private void Tell(string words)
    {
        lock (_growth)
        {
            if (_told)
            {
                return;
            }

            _told = true;
        }

        _outgrown(words);
    }

    private sealed class Wait(Watchdog watchdog) : IDisposable
    {
        public void Dispose()
        {
            watchdog.SignOfLife();
            Interlocked.Decrement(ref watchdog._waits);
        }
    }
}
