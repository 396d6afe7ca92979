namespace ReidCloud.Runs;

/// <summary>
/// Delivers nudges, at least once, to any one of the receivers; over two queues, one for each priority. A nudge only says "look at run X": losing one
/// delays a run until <see cref="StalledRuns"/> finds it, a doubled one is dropped by whoever finds the run owned or final. So what a nudge follows never
/// fails because of it, whatever the broker does.
/// </summary>
/// <param name="turn">How many nudges this receiver is taken to have had. Those that take one and end draw it, lest every one of them be the first.</param>
public abstract class RunQueue(int turn = 0) : IAsyncDisposable
{
    /// <summary>Of so many nudges one is taken from the normal queue first; the others from the high one first.</summary>
    public const int Turns = 4;

    /// <summary>
    /// A nudge that nobody took for so long is dropped, so that those which <see cref="StalledRuns"/> sends for a run in a long line do not pile up. Also
    /// the longest that Service Bus' emulator allows.
    /// </summary>
    public static readonly TimeSpan NudgeLifetime = TimeSpan.FromHours(1);

    private int _taken = turn;

    /// <summary>False: the broker does not take it now.</summary>
    public async Task<bool> SendAsync(RunId run, RunPriority priority, CancellationToken cancellationToken) =>
        await TrySendAsync(run, priority, cancellationToken).ConfigureAwait(false) is null;

    /// <summary>The next nudge, or null when none came within <paramref name="patience"/>. Where one queue is empty the other is not waited with.</summary>
    /// <exception cref="QueueAwayException">The broker does not answer, or refuses.</exception>
    public async Task<Nudge?> ReceiveAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var first = (uint)_taken % Turns == Turns - 1 ? RunPriority.Normal : RunPriority.High;
        var nudge = await TakeAsync(first, patience, cancellationToken).ConfigureAwait(false);
        _taken += nudge is null ? 0 : 1;
        return nudge;
    }

    /// <summary>About how many nudges wait, or null where the broker does not say.</summary>
    public abstract Task<int?> CountAsync(RunPriority priority, CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Null, or why the broker does not take it now.</summary>
    internal async Task<QueueAwayException?> TrySendAsync(RunId run, RunPriority priority, CancellationToken cancellationToken)
    {
        try
        {
            await PutAsync(run.ToString(), priority, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (QueueAwayException away)
        {
            return away;
        }
    }

    private protected abstract Task PutAsync(string text, RunPriority priority, CancellationToken cancellationToken);

    /// <summary>From that queue, or from the other if it has none.</summary>
    private protected abstract Task<Nudge?> TakeAsync(RunPriority first, TimeSpan patience, CancellationToken cancellationToken);

    private protected static RunPriority Other(RunPriority priority) => priority == RunPriority.High ? RunPriority.Normal : RunPriority.High;
}

/// <summary>
/// A received nudge, invisible to others for a while. Complete it as soon as the run's lease is held; abandon it to let another receiver have
/// it at once. Neither fails where the broker is away: it then shows up again. Text that names no run is delivered with <see cref="Run"/> null: complete
/// it and say so.
/// </summary>
public abstract class Nudge(RunId? run, string text)
{
    public RunId? Run { get; } = run;
    public string Text { get; } = text;

    /// <summary>Removes it for good. False when that could not be: harmless, whoever gets it will find the run owned.</summary>
    public abstract Task<bool> CompleteAsync(CancellationToken cancellationToken);

    public abstract Task AbandonAsync(CancellationToken cancellationToken);

    /// <summary>The run that a message's text names, or null.</summary>
    private protected static RunId? RunIn(string text) => RunId.TryParse(text.Trim(), out var run) ? run : null;
}
