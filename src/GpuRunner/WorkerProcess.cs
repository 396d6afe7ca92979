using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;

namespace ReidCloud.GpuRunner;

/// <summary>
/// This program as a worker in a process of its own. What it writes is passed on, and the last lines are kept. It is started on a thread that waits for it,
/// because the kernel takes the end of that thread for the death of its parent.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    public const string Verb = "work";
    private const int LinesKept = 20;

    private readonly Process _process;
    private readonly AnonymousPipeServerStream _pipe;
    private readonly TimeProvider _time;
    private readonly Queue<string> _lastWords = new();
    private long _heard;
    private volatile bool _killed;

    private WorkerProcess(Process process, AnonymousPipeServerStream pipe, TimeProvider time)
    {
        (_process, _pipe, _time, _heard) = (process, pipe, time, time.GetTimestamp());
        _process.OutputDataReceived += (_, line) => Hear(line.Data, Console.Out);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data, Console.Error);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Ended = EndAsync(Task.Run(ListenAsync));
    }

    public int Id => _process.Id;

    /// <summary>Its exit code, once all that it said has been heard.</summary>
    public Task<int> Ended { get; }

    /// <summary>Whether it came so far as to take runs.</summary>
    public bool WasReady { get; private set; }

    /// <summary>The run that it owns, as far as it has told.</summary>
    public OwnedRun? Owned { get; private set; }

    /// <summary>How long nothing was heard of it.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Interlocked.Read(ref _heard));

    /// <summary>Whether it was ended because it did not answer.</summary>
    public bool WasSilent { get; private set; }

    public IReadOnlyList<string> LastWords
    {
        get
        {
            lock (_lastWords)
            {
                return [.. _lastWords];
            }
        }
    }

    public static async Task<WorkerProcess> StartAsync(TimeProvider time)
    {
        var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        var start = StartInfo(pipe.GetClientHandleAsString());
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                var process = Process.Start(start)!;
                started.SetResult(process);
                process.WaitForExit();
            }
            catch (Exception fault)
            {
                started.TrySetException(fault);
            }
        })
        {
            IsBackground = true,
            Name = Verb,
        }.Start();
        var worker = await started.Task.ConfigureAwait(false);
        pipe.DisposeLocalCopyOfClientHandle();
        return new WorkerProcess(worker, pipe, time);
    }

    /// <summary>Asks it to stop at the next step and to give its run back.</summary>
    public void Stop()
    {
        try
        {
            _process.StandardInput.WriteLine(Supervision.Stop);
            _process.StandardInput.Flush();
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It has ended, which is what was asked.
        }
    }

    /// <summary>Ends it because nothing is heard of it.</summary>
    public void KillSilent()
    {
        WasSilent = true;
        Kill();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _pipe.Dispose();
    }

    private void Kill()
    {
        if (!_killed && !_process.HasExited)
        {
            _killed = true;
            _process.Kill();
        }
    }

    internal static ProcessStartInfo StartInfo(string pipe)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(WorkerProcess).Assembly.Location] : [];
        foreach (var argument in (string[])[.. host, Verb, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), pipe])
        {
            start.ArgumentList.Add(argument);
        }

        KeptMemory.In(start.Environment);
        return start;
    }

    private async Task<int> EndAsync(Task listening)
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(false);
        return _process.ExitCode;
    }

    private async Task ListenAsync()
    {
        using var lines = new StreamReader(_pipe, leaveOpen: true);
        while (await lines.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            Interlocked.Exchange(ref _heard, _time.GetTimestamp());
            switch (line)
            {
                case Supervision.Ready:
                    WasReady = true;
                    break;
                case Supervision.Free:
                    Owned = null;
                    break;
                case Supervision.Alive:
                    break;
                default:
                    // A line that its death has cut is none.
                    Owned = OwnedRun.Parse(line) ?? Owned;
                    break;
            }
        }
    }

    private void Hear(string? line, TextWriter passedOn)
    {
        if (line is null)
        {
            return;
        }

        passedOn.WriteLine(line);
        lock (_lastWords)
        {
            _lastWords.Enqueue(line);
            if (_lastWords.Count > LinesKept)
            {
                _lastWords.Dequeue();
            }
        }
    }
}
