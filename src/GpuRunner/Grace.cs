namespace ReidCloud.GpuRunner;

/// <summary>
/// How long a runner whose machine is going away still waits for a storage that does not answer. When it is over, the run is left to its lease, which runs out:
/// spot machines and Kubernetes give 30 seconds in all, of which a step needs some as well.
/// </summary>
internal sealed class Grace : IDisposable
{
    /// <summary>For a checkpoint and what is to be told.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);

    /// <summary>For giving the run back when the checkpoint took too long.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenSource _past = new();
    private readonly CancellationTokenRegistration _registration;

    public Grace(CancellationToken goingAway, TimeSpan length)
    {
        Over = _over.Token;
        Past = _past.Token;
        _registration = goingAway.UnsafeRegister(
            _ =>
            {
                _over.CancelAfter(length);
                _past.CancelAfter(length + Farewell);
            },
            null);
    }

    public CancellationToken Over { get; }

    /// <summary>Not even to give it back.</summary>
    public CancellationToken Past { get; }

    public void Dispose()
    {
        _registration.Dispose();
        _over.Dispose();
        _past.Dispose();
    }
}
