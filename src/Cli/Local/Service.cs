using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ReidCloud.Cli.Local;

/// <summary>
/// A child process with its output in a log file. Unless it is kept, it dies with us even when we are killed: on Linux the kernel is asked to
/// signal it when the thread that started it ends, so that thread waits for the child.
/// </summary>
internal sealed class Service
{
    private const int Sigterm = 15;
    private const string ParentDeath = "/usr/bin/setpriv";
    private const string OwnSession = "/usr/bin/setsid";
    /// <summary>A runner gives its run back within 30.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(35);

    private readonly Process _process;

    private Service(ServicePlan plan, Process process, string log)
    {
        Plan = plan;
        Log = log;
        _process = process;
        Ended = process.WaitForExitAsync();
        try
        {
            Started = process.StartTime.ToUniversalTime();
        }
        catch (InvalidOperationException)
        {
            // It has ended already; Ended says so.
        }
    }

    public ServicePlan Plan { get; }
    public string Log { get; }
    public Task Ended { get; }
    public int Pid => _process.Id;

    /// <summary>When, or null when it ended at once.</summary>
    public DateTimeOffset? Started { get; }

    public static async Task<Service> StartAsync(ServicePlan plan, string logs, bool keep)
    {
        Directory.CreateDirectory(logs);
        var log = Path.Combine(logs, $"{plan.Name}.log");
        if (File.Exists(log))
        {
            File.Move(log, Path.ChangeExtension(log, ".previous.log"), overwrite: true);
        }

        var start = StartInfo(plan, log, keep);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                var process = Process.Start(start)!;
                process.StandardInput.Close();
                started.SetResult(process);
                process.WaitForExit();
            }
            catch (Exception exception)
            {
                started.TrySetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = plan.Name,
        }.Start();

        try
        {
            return new Service(plan, await started.Task, log);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw CommandException.Fault($"{plan.Title} cannot be started: {exception.Message}", "`./reid doctor` says what is missing");
        }
    }

    /// <summary>Why it ended by itself, with the last of what it wrote.</summary>
    public CommandException Failure()
    {
        var tail = File.Exists(Log) ? string.Join(Environment.NewLine, File.ReadLines(Log).TakeLast(12).Select(line => $"  {line}")) : "";
        var code = _process.HasExited ? $" with exit code {_process.ExitCode}" : "";
        return CommandException.Fault(
            $"{Plan.Title} ended{code}{(tail.Length > 0 ? $". Its last words:{Environment.NewLine}{tail}" : "")}",
            $"the whole log is {Log}; `./reid doctor` checks the installation");
    }

    /// <summary>Asks it to stop, and ends it when it does not within a while.</summary>
    public Task StopAsync() => StopAsync(_process);

    public static async Task StopAsync(Process process)
    {
        if (process.HasExited)
        {
            return;
        }

        if (OperatingSystem.IsWindows() || Signal(process.Id, Sigterm) != 0)
        {
            process.Kill(entireProcessTree: true);
        }

        try
        {
            await process.WaitForExitAsync().WaitAsync(Grace);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    /// <summary>The shell puts the output into the log, so that a kept child goes on writing when we are gone.</summary>
    private static ProcessStartInfo StartInfo(ServicePlan plan, string log, bool keep)
    {
        var start = new ProcessStartInfo { UseShellExecute = false, RedirectStandardInput = true, CreateNoWindow = true };
        foreach (var (name, value) in plan.Environment)
        {
            start.Environment[name] = value;
        }

        if (OperatingSystem.IsWindows())
        {
            start.FileName = "cmd.exe";
            start.Arguments = $"/d /s /c \"\"{plan.File}\" {string.Join(' ', plan.Arguments.Select(argument => $"\"{argument}\""))} > \"{log}\" 2>&1\"";
            return start;
        }

        IEnumerable<string> command = ["/bin/sh", "-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, plan.File, .. plan.Arguments];
        if (File.Exists(OwnSession))
        {
            // Ctrl+C is for us alone: we stop the children in order, and a second signal would end a runner before it gave its run back.
            command = [OwnSession, .. command];
        }

        if (!keep && OperatingSystem.IsLinux() && File.Exists(ParentDeath))
        {
            command = [ParentDeath, "--pdeathsig", "TERM", .. command];
        }

        start.FileName = command.First();
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int pid, int signal);
}
