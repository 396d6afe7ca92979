using System.Runtime.InteropServices;

namespace ReidCloud.GpuRunner;

/// <summary>
/// The first SIGTERM or SIGINT asks to stop at the next step and to give the run back. The second ends the process at once, whatever it is at, native
/// code included: exit code 130.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly RunnerLog _log;
    private readonly PosixSignalRegistration[] _registrations;
    private CancellationTokenSource _asked = new();

    /// <summary>The one that a signal has set.</summary>
    private CancellationTokenSource? _signalled;

    public StopSignals(RunnerLog log)
    {
        _log = log;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal)];
    }

    /// <summary>Somebody has asked to stop. Another token after each <see cref="Forget"/>.</summary>
    public CancellationToken Asked => Volatile.Read(ref _asked).Token;

    /// <summary>Asks to stop in another way than by a signal; any number of times is once.</summary>
    public void Ask() => _asked.Cancel();

    /// <summary>It was a false alarm: the next signal is the first again.</summary>
    public void Forget() => Interlocked.Exchange(ref _asked, new CancellationTokenSource());

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        var asked = Volatile.Read(ref _asked);
        if (Interlocked.Exchange(ref _signalled, asked) == asked)
        {
            NativeProcess.ExitNow(ExitCode.EndedAtOnce);
        }

        _log.Say($"{signal.Signal}: stops at the next step and gives its run back; once more ends it at once");
        asked.Cancel();
    }
}
