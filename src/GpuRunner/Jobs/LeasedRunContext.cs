using System.Threading.Channels;
using ReidCloud.Reports;
using ReidCloud.Runs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>
/// A run's outside while its lease is held: events go to the attempt's log and the latest progress to the status, both in the background; checkpoints
/// are uploaded and then pointed at; the job is asked to stop when the run is cancelled, its time is up, the lease is lost or the machine goes away.
/// </summary>
internal sealed class LeasedRunContext : RunContext, IAsyncDisposable
{
    /// <summary>Of events that wait for a slow store, the oldest go first.</summary>
    private const int MostWaiting = 10_000;

    /// <summary>An append blob takes 50,000 appends: the beat slows down so that they last for weeks.</summary>
    private const int AppendsPerSecondOfBeat = 500;

    private const int LastEvents = 10;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookForCancelEvery = TimeSpan.FromSeconds(2);

    /// <summary>A sign of life, also when nothing happens that could be told.</summary>
    private static readonly TimeSpan HeardEvery = TimeSpan.FromSeconds(30);

    /// <summary>For the evidence of a hung attempt; then its supervisor tells what it knows.</summary>
    private static readonly TimeSpan EvidenceLimit = TimeSpan.FromSeconds(10);

    private readonly RunStore _store;
    private readonly RunLease _lease;
    private readonly TimeProvider _time;
    private readonly string _scratch;
    private readonly Action<RunEvent> _told;
    private readonly EventLog _log;
    private readonly Channel<RunEvent> _waiting =
        Channel.CreateBounded<RunEvent>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly List<RunFile> _files = [];
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenSource _timeUp = new();
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _done = new();
    private readonly CancellationTokenSource _outgrown = new();
    private readonly Queue<RunEvent> _last = new();
    private readonly CancellationToken _graceOver;
    private readonly Task _background;
    private RunEvent? _progress;
    private Watchdog? _watchdog;
    private double? _score;
    private bool _closed;

    /// <param name="scratch">A folder for checkpoints on their way to the store.</param>
    /// <param name="told">Hears every event at once.</param>
    /// <param name="goingAway">The machine is being taken away.</param>
    /// <param name="graceOver">The machine is gone in a moment: what still waits for the store is given up.</param>
    public LeasedRunContext(
        RunStore store, RunLease lease, TimeProvider time, string scratch, Action<RunEvent> told, CancellationToken goingAway, CancellationToken graceOver = default)
    {
        (_store, _lease, _time, _scratch, _told, _graceOver) = (store, lease, time, scratch, told, graceOver);
        _log = store.OpenEvents(lease.Run, lease.Status.Attempt);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(goingAway, lease.Lost, _cancel.Token, _timeUp.Token, _outgrown.Token);
        _background = Task.WhenAll(Task.Run(SendEventsAsync), Task.Run(WriteProgressAsync), Task.Run(LookForCancelAsync));
    }

    public override CancellationToken Stop => _stop.Token;

    public override string Scratch => _scratch;

    public override string OnnxRuntimeFolder => _store.Storage.Options.OnnxRuntimeFolder;

    /// <summary>Whether somebody asked to cancel the run.</summary>
    public bool IsCancelled => _cancel.IsCancellationRequested;

    /// <summary>Whether the run has had its time.</summary>
    public bool IsTimeUp => _timeUp.IsCancellationRequested;

    /// <summary>Why the run is stopped for the memory of its process; null: it is not.</summary>
    public string? Outgrown { get; private set; }

    /// <summary>What the attempt has left so far besides checkpoints and events.</summary>
    public IReadOnlyList<RunFile> Files => _files;

    /// <summary>The run's status with what is known now.</summary>
    public RunStatus Status => Heard(_lease.Status);

    /// <summary>The run may go on for so long; a timer takes 49 days, and nobody may ask for as many.</summary>
    public void LimitTime(TimeSpan left)
    {
        if (left > TimeSpan.Zero)
        {
            _timeUp.CancelAfter(left);
        }
        else
        {
            _timeUp.Cancel();
        }
    }

    /// <summary>From now on the attempt is watched: its process is ended when it hangs, and the run is stopped when that has too much memory.</summary>
    /// <param name="end">Ends the process. Native code cannot be interrupted in another way.</param>
    public void Watch(TimeSpan stall, long memoryLimit, Action end) => _watchdog = new Watchdog(
        stall,
        memoryLimit,
        _time,
        () =>
        {
            LeaveHung(stall);
            end();
        },
        figures =>
        {
            Outgrown = figures;
            _outgrown.Cancel();
        });

    /// <summary>Until this is disposed of, standing still is the storage's doing, which is waited for with a patience of its own.</summary>
    public IDisposable? WaitForStorage() => _watchdog?.WaitForStorage();

    public override void Beat() => _watchdog?.SignOfLife();

    public override void Tell(RunEvent happened)
    {
        Beat();
        if (happened.Kind is RunEventKind.Step or RunEventKind.Epoch)
        {
            happened = happened with { MemoryBytes = ProcessMemory.Resident() };
        }

        if (happened.Kind == RunEventKind.Epoch)
        {
            _watchdog?.EpochIsOver(happened.MemoryBytes!.Value, Tensor.TotalCount);
        }

        lock (_last)
        {
            _last.Enqueue(happened);
            if (_last.Count > LastEvents)
            {
                _last.Dequeue();
            }
        }

        _told(happened);
        _waiting.Writer.TryWrite(happened);
        if (happened.Kind is RunEventKind.Step or RunEventKind.Epoch or RunEventKind.Evaluation)
        {
            Volatile.Write(ref _progress, happened);
        }
    }

    /// <exception cref="LeaseLostException">The run is another's; the status does not point at what was written.</exception>
    public override void SaveCheckpoint(int epoch, int step, double? score, int keep, Action<Stream> write) =>
        SaveAsync(epoch, step, score, keep, write).GetAwaiter().GetResult();

    /// <exception cref="LeaseLostException">The run is another's.</exception>
    /// <exception cref="OperationCanceledException">The run is to stop: the next attempt makes its files anew.</exception>
    public override void SaveFile(string name, Action<Stream> write) => SaveFileAsync(name, write, Stop).GetAwaiter().GetResult();

    /// <inheritdoc cref="SaveFile"/>
    public async Task SaveFileAsync(string name, Action<Stream> write, CancellationToken stop)
    {
        if (!RunFileName.IsFree(name) || _files.Any(file => file.Name == name))
        {
            throw new ArgumentException($"a file of a run {RunFileName.Rule}, and its name must not be taken; was '{name}'", nameof(name));
        }

        _lease.ThrowIfLost();
        var local = NewScratchFile();
        await using (local.ConfigureAwait(false))
        {
            write(local);
            using var wait = WaitForStorage();
            var blob = RunPaths.File(_lease.Run, _lease.Status.Attempt, name);
            var hash = await _store.PutAttemptBlobAsync(blob, local, stop).ConfigureAwait(false);
            _files.Add(new RunFile(name, blob, local.Length, hash));
        }
    }

    /// <summary>Hears how good the result is; the last checkpoint is what was measured.</summary>
    public void Measured(IReadOnlyList<SettingMetrics> result) => _score = result is [var first, ..] ? first.MapStandard : null;

    /// <summary>Points no more at a checkpoint that is damaged or gone, so that none that is whole makes room for it.</summary>
    /// <exception cref="LeaseLostException">The run is another's.</exception>
    public Task DropCheckpointAsync(CheckpointPointer damaged) => PointAsync(status => status.WithoutCheckpoint(damaged));

    /// <summary>
    /// Ends the background and sends the events that wait. Returns the status as it stands; it changes no more. What failed in the background is told, and
    /// takes nothing from what the run has come to.
    /// </summary>
    public async Task<RunStatus> CloseAsync()
    {
        _watchdog?.Dispose();
        _watchdog = null;
        _waiting.Writer.TryComplete();
        await _done.CancelAsync().ConfigureAwait(false);
        await _background.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_background.Exception?.InnerException is { } fault && !_closed)
        {
            _told(new RunEvent(_time.GetUtcNow(), RunEventKind.Note) { Message = $"failed in the background: {fault.Message}" });
        }

        _closed = true;
        return Status.WithScore(_score);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _stop.Dispose();
        _cancel.Dispose();
        _timeUp.Dispose();
        _outgrown.Dispose();
        _done.Dispose();
        _writing.Dispose();
    }

    private async Task SaveAsync(int epoch, int step, double? score, int keep, Action<Stream> write)
    {
        _lease.ThrowIfLost();
        var blob = RunPaths.Checkpoint(_lease.Run, _lease.Status.Attempt, epoch, step);
        var local = NewScratchFile();
        await using (local.ConfigureAwait(false))
        {
            write(local);
            using var wait = WaitForStorage();
            var hash = await _store.PutAttemptBlobAsync(blob, local, _graceOver).ConfigureAwait(false);
            var saved = new CheckpointPointer(blob, hash, epoch, step) { Score = score };
            await PointAsync(status => status.WithCheckpoint(saved, keep).Kept(_time.GetUtcNow())).ConfigureAwait(false);
            Tell(new RunEvent(_time.GetUtcNow(), RunEventKind.Checkpoint) { Epoch = epoch, Step = step });
        }
    }

    /// <summary>Changes which checkpoints the status points at, and then removes those that it does no more.</summary>
    private async Task PointAsync(Func<RunStatus, RunStatus> change)
    {
        var before = _lease.Status.KeptCheckpoints();
        await WriteStatusAsync(change).ConfigureAwait(false);
        foreach (var old in before.ExceptBy(_lease.Status.KeptCheckpoints().Select(kept => kept.Blob), old => old.Blob))
        {
            try
            {
                await _store.DeleteAttemptBlobAsync(old.Blob, _graceOver).ConfigureAwait(false);
            }
            catch (Exception fault) when (StoreFault.Is(fault))
            {
                // It costs space until the next attempt or the end of the run.
            }
        }
    }

    private FileStream NewScratchFile()
    {
        Directory.CreateDirectory(_scratch);
        return new FileStream(
            Path.Combine(_scratch, $"{Guid.NewGuid():N}"),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
    }

    private async Task WriteStatusAsync(Func<RunStatus, RunStatus> change)
    {
        await _writing.WaitAsync(_graceOver).ConfigureAwait(false);
        try
        {
            await _lease.WriteAsync(change(Heard(_lease.Status)), _graceOver).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private RunStatus Heard(RunStatus status)
    {
        var (now, progress) = (_time.GetUtcNow(), Volatile.Read(ref _progress));
        return status.Heard(progress, ProcessMemory.Resident(), now) with { UpdatedAt = now, Progress = progress ?? status.Progress };
    }

    private void LeaveHung(TimeSpan stall)
    {
        RunEvent[] last;
        lock (_last)
        {
            last = [.. _last];
        }

        var what = $"no step was finished for {stall:c} ($.limits.stall); the last that it told: {(last is [.., var told] ? FailureReport.Line(told) : "nothing")}";
        _told(new RunEvent(_time.GetUtcNow(), RunEventKind.Note) { Message = $"hung: {what}" });
        var memory = ProcessMemory.Resident();
        var evidence = new AttemptEvidence(AttemptEnd.Hung, _time.GetUtcNow(), what)
        {
            MemoryBytes = memory,
            LastWords = [.. last.Select(FailureReport.Line), $"{ProcessMemory.Text(memory)} of memory", .. ProcessThreads.Describe()],
        };
        using var limit = new CancellationTokenSource(EvidenceLimit);
        try
        {
            _store.LeaveEvidenceAsync(_lease.Run, _lease.Status.Attempt, evidence, limit.Token).GetAwaiter().GetResult();
        }
        catch (Exception fault) when (fault is OperationCanceledException || StoreFault.Is(fault))
        {
            // The supervisor tells it: less, but the same.
        }
    }

    private async Task SendEventsAsync()
    {
        var batch = new List<RunEvent>();
        for (var appends = 1; await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false); appends++)
        {
            while (batch.Count < MostWaiting && _waiting.Reader.TryRead(out var happened))
            {
                batch.Add(happened);
            }

            try
            {
                await _log.AppendAsync(batch, _graceOver).ConfigureAwait(false);
                batch.Clear();
            }
            catch (Exception fault) when (fault is LeaseLostException or OperationCanceledException)
            {
                // Another runner writes this log, and what is told here no longer belongs to the run; or the machine is gone in a moment.
                return;
            }
            catch (Exception fault) when (StoreFault.Is(fault))
            {
                // The same events go with the next ones. If the store stays away the lease runs out, and that ends the attempt.
            }

            await PauseAsync(TimeSpan.FromSeconds(1 + (appends / AppendsPerSecondOfBeat))).ConfigureAwait(false);
        }
    }

    private async Task WriteProgressAsync()
    {
        RunEvent? written = null;
        var heard = _time.GetTimestamp();
        while (await PauseAsync(ProgressEvery).ConfigureAwait(false))
        {
            var progress = Volatile.Read(ref _progress);
            if (progress != written || _time.GetElapsedTime(heard) >= HeardEvery)
            {
                try
                {
                    await WriteStatusAsync(status => status).ConfigureAwait(false);
                    (written, heard) = (progress, _time.GetTimestamp());
                }
                catch (Exception fault) when (fault is LeaseLostException or OperationCanceledException || StoreFault.Is(fault))
                {
                    // Only for people. A lost lease stops the job by itself; an absent store is asked again.
                }
            }
        }
    }

    private async Task LookForCancelAsync()
    {
        while (!_cancel.IsCancellationRequested && await PauseAsync(LookForCancelEvery).ConfigureAwait(false))
        {
            try
            {
                if (await _store.IsCancelRequestedAsync(_lease.Run, _graceOver).ConfigureAwait(false))
                {
                    await _cancel.CancelAsync().ConfigureAwait(false);
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException || StoreFault.Is(fault))
            {
                // Asked again after the pause.
            }
        }
    }

    /// <summary>False once the attempt is over.</summary>
    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        await Task.Delay(pause, _time, _done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_done.IsCancellationRequested;
    }
}
