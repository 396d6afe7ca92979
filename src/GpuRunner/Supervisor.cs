using ReidCloud.GpuRunner.Jobs;
using ReidCloud.Runs;

namespace ReidCloud.GpuRunner;

/// <summary>
/// Keeps a worker process running. When one dies, its supervisor leaves the evidence with the run that it owned (exit code or signal, its last words), lets go
/// of its lease, nudges, and starts another after a pause that grows. It touches no tensor, so what kills workers does not kill it. When it dies itself,
/// its worker dies with it.
/// </summary>
internal sealed class Supervisor(ReidCloudOptions options, RunStore store, StopSignals signals, RunnerLog log, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>A worker that lived for so long is no sign that the next one will die soon.</summary>
    private static readonly TimeSpan LongLife = TimeSpan.FromMinutes(5);

    /// <summary>What takes longer to tell is left to the lease, which runs out.</summary>
    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(20);

    /// <summary>A worker of which nothing is heard for so long has lost its lease, or is about to.</summary>
    private readonly TimeSpan _longestSilence = 2 * TimeSpan.FromSeconds(options.LeaseSeconds);

    /// <summary>Until it is asked to stop. Returns the exit code.</summary>
    public async Task<int> RunAsync()
    {
        var pause = FirstPause;
        for (var served = false; ;)
        {
            var began = time.GetTimestamp();
            var killsBefore = ProcessMemory.KillsForMemory();
            using var worker = await WorkerProcess.StartAsync(time);
            int code;
            using (signals.Asked.UnsafeRegister(_ => worker.Stop(), null))
            {
                code = await WatchAsync(worker);
            }

            served |= worker.WasReady;
            if (code == ExitCode.Worn)
            {
                log.Say("the worker made room for a fresh one: its last run may have harmed it");
            }
            else if (code != ExitCode.Done)
            {
                var how = WorkerDeath.Describe(code, worker.WasSilent ? _longestSilence : null, ProcessMemory.KillsForMemory() - killsBefore);
                log.Say($"the worker {how}");
                await LeaveEvidenceAsync(worker, code, how);
                if (code == ExitCode.WrongUsage || (!served && code == ExitCode.Fault))
                {
                    return code;
                }
            }

            if (code != ExitCode.Done && !signals.Asked.IsCancellationRequested)
            {
                pause = time.GetElapsedTime(began) > LongLife ? FirstPause : pause;
                log.Say($"another worker starts in {pause.TotalSeconds} seconds");
                await Task.Delay(pause, time, signals.Asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                if (!signals.Asked.IsCancellationRequested)
                {
                    continue;
                }
            }

            // Asked to stop, or the worker was.
            if (options.ResumeAfter <= TimeSpan.Zero)
            {
                return ExitCode.Done;
            }

            log.Say($"stopped; should this machine still be here in {options.ResumeAfter}, it goes on");
            var asked = signals.Asked.IsCancellationRequested ? CancellationToken.None : signals.Asked;
            await Task.Delay(options.ResumeAfter, time, asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // Not by the clock: a delay may end a little before its time.
            if (asked.IsCancellationRequested)
            {
                return ExitCode.Done;
            }

            log.Say("a false alarm: it goes on");
            signals.Forget();
            pause = FirstPause;
        }
    }

    /// <summary>Waits for the worker's end, and ends one that does not answer.</summary>
    private async Task<int> WatchAsync(WorkerProcess worker)
    {
        var (looked, silent) = (time.GetTimestamp(), TimeSpan.Zero);
        while (await Task.WhenAny(worker.Ended, Task.Delay(Supervision.Beat, time)) != worker.Ended)
        {
            // Only time in which this process was awake counts: where the whole machine was stopped, silence says nothing.
            var passed = time.GetElapsedTime(looked);
            looked = time.GetTimestamp();
            silent = worker.Silence < 2 * Supervision.Beat ? TimeSpan.Zero : silent + (passed < 2 * Supervision.Beat ? passed : 2 * Supervision.Beat);
            if (silent > _longestSilence)
            {
                worker.KillSilent();
                return await worker.Ended;
            }
        }

        return await worker.Ended;
    }

    /// <summary>Says what the dead worker cannot say any more, and lets others have its run at once.</summary>
    private async Task LeaveEvidenceAsync(WorkerProcess worker, int code, string how)
    {
        if (worker.Owned is not { } owned)
        {
            return;
        }

        using var limit = new CancellationTokenSource(TellLimit, time);
        try
        {
            if (owned.Attempt > 0)
            {
                var end = worker.WasSilent || code == ExitCode.Hung ? AttemptEnd.Hung : AttemptEnd.Crashed;
                var evidence = new AttemptEvidence(end, time.GetUtcNow(), $"its process {how}") { LastWords = worker.LastWords };
                await store.LeaveEvidenceAsync(owned.Run, owned.Attempt, evidence, limit.Token);
            }

            await store.LetGoAsync(owned.Run, owned.Lease, limit.Token);
        }
        catch (Exception fault) when (StoreFault.Is(fault) || limit.IsCancellationRequested)
        {
            log.Say($"{owned.Run} storage cannot be reached ({fault.Message}); the run goes on with whoever finds it when the lease has run out");
        }
    }
}
