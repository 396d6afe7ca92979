namespace ReidCloud.Runs;

/// <summary>
/// Delivers nudges, at least once, to any one of the receivers. A nudge only says "look at run X": losing one delays a run, a doubled one is
/// dropped by whoever finds the run owned or final.
/// </summary>
public abstract class RunQueue : IAsyncDisposable
{
    /// <summary>
    /// A nudge that nobody took for so long is dropped, so that those which <see cref="StalledRuns"/> sends for a run in a long line do not pile up. Also
    /// the longest that Service Bus' emulator allows.
    /// </summary>
    public static readonly TimeSpan NudgeLifetime = TimeSpan.FromHours(1);

    public abstract Task SendAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>The next nudge, or null when none came within <paramref name="patience"/>.</summary>
    public abstract Task<Nudge?> ReceiveAsync(TimeSpan patience, CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>
/// A received nudge, invisible to others for a while. Complete it as soon as the run's lease is held; abandon it to let another receiver have
/// it at once. Text that names no run is delivered with <see cref="Run"/> null: complete it and say so.
/// </summary>
public abstract class Nudge(RunId? run, string text)
{
    public RunId? Run { get; } = run;
    public string Text { get; } = text;

    /// <summary>Removes it for good. False when it was already someone else's: harmless, they will find the run owned.</summary>
    public abstract Task<bool> CompleteAsync(CancellationToken cancellationToken);

    public abstract Task AbandonAsync(CancellationToken cancellationToken);

    /// <summary>The run that a message's text names, or null.</summary>
    private protected static RunId? RunIn(string text) => RunId.TryParse(text.Trim(), out var run) ? run : null;
}
