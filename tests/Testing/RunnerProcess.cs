using System.Diagnostics;
using System.Text;

namespace ReidCloud.Tests.Testing;

/// <summary>The runner's program in a process of its own. It is killed, if it still runs, when this is disposed of.</summary>
internal sealed class RunnerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private RunnerProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Hears every line that it writes, on a thread of its own.</summary>
    public event Action<string>? Said;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static RunnerProcess Start(ReidCloudOptions options, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ReidCloud.GpuRunner.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in new Dictionary<string, string?>
        {
            [nameof(options.StorageConnection)] = options.StorageConnection,
            [nameof(options.StoragePrefix)] = options.StoragePrefix,
            [nameof(options.CacheFolder)] = options.CacheFolder,
            [nameof(options.OnnxRuntimeFolder)] = options.OnnxRuntimeFolder,
            [nameof(options.LeaseSeconds)] = $"{options.LeaseSeconds}",
            [nameof(options.StoragePatience)] = $"{options.StoragePatience}",
            [nameof(options.ResumeAfter)] = $"{options.ResumeAfter}",
            [nameof(options.Threads)] = $"{options.Threads}",
            [nameof(options.MemoryLimitMiB)] = $"{options.MemoryLimitMiB}",
        })
        {
            start.Environment[$"{ReidCloudOptions.Section}__{name}"] = value;
        }

        return new RunnerProcess(Process.Start(start)!);
    }

    /// <summary>All that it has written so far.</summary>
    public override string ToString()
    {
        lock (_said)
        {
            return _said.ToString();
        }
    }

    /// <summary>Sends it a signal, such as TERM.</summary>
    public void Signal(string signal) => Signal(Id, signal);

    /// <inheritdoc cref="Signal(string)"/>
    public static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }

    public void Kill() => _process.Kill();

    public Task WaitForExitAsync(CancellationToken cancellationToken = default) => _process.WaitForExitAsync(cancellationToken);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }

        if (line is not null)
        {
            Said?.Invoke(line);
        }
    }
}
