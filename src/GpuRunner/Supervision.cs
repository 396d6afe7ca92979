using System.Globalization;
using System.IO.Pipes;

namespace ReidCloud.GpuRunner;

/// <summary>
/// A worker's side of its supervisor. It tells through a pipe that it lives, that it is ready, and which run it owns, so that the supervisor can speak for it
/// when it died; it is asked to stop by a line on its standard input; and it does not live longer than its supervisor: the kernel kills it then where
/// there is such a signal, and the end of its standard input is the end everywhere.
/// </summary>
internal sealed class Supervision : IDisposable
{
    public const string Ready = "ready";
    public const string Alive = "alive";
    public const string Free = "free";
    public const string Stop = "stop";
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private const int Orphan = 1;

    private readonly StreamWriter _toSupervisor;
    private readonly ManualResetEventSlim _over = new();

    private Supervision(StreamWriter toSupervisor)
    {
        _toSupervisor = toSupervisor;

        // A thread of its own: the pool's may be late beside a training.
        new Thread(KeepTelling) { IsBackground = true, Name = "sign of life" }.Start();
    }

    /// <param name="supervisor">Its process.</param>
    /// <param name="pipe">The end of the pipe that this process inherited.</param>
    /// <param name="signals">Is asked when the supervisor asks.</param>
    public static Supervision Begin(string supervisor, string pipe, StopSignals signals)
    {
        NativeProcess.LeaveGroup();
        if (!NativeProcess.TryDieWith(int.Parse(supervisor, CultureInfo.InvariantCulture)))
        {
            NativeProcess.ExitNow(Orphan);
        }

        var orders = new Thread(() => Obey(signals)) { IsBackground = true, Name = "orders" };
        orders.Start();
        return new Supervision(new StreamWriter(new AnonymousPipeClientStream(PipeDirection.Out, pipe)) { AutoFlush = true });
    }

    public void Tell(OwnedRun? owned) => Say(owned?.ToString() ?? Free);

    public void TellReady() => Say(Ready);

    public void Dispose()
    {
        _over.Set();
        _toSupervisor.Dispose();
    }

    private static void Obey(StopSignals signals)
    {
        while (Console.In.ReadLine() is { } order)
        {
            if (order == Stop)
            {
                signals.Ask();
            }
        }

        NativeProcess.ExitNow(Orphan);
    }

    private void KeepTelling()
    {
        while (!_over.Wait(Beat))
        {
            Say(Alive);
        }
    }

    private void Say(string line)
    {
        lock (_toSupervisor)
        {
            try
            {
                _toSupervisor.WriteLine(line);
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException)
            {
                // The supervisor is gone, and this process goes with it.
            }
        }
    }
}
