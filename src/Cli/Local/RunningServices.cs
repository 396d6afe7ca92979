using System.ComponentModel;
using System.Diagnostics;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Local;

/// <summary>A process we started and how to know it again: a pid alone may be another's by now.</summary>
internal sealed record RunningService(string Name, int Pid, DateTimeOffset Started, LocalPorts Ports);

/// <summary>
/// The note .reid/running.json about what this checkout has started and not yet stopped, so that a second start finds it.
/// </summary>
internal sealed class RunningServices(Workplace place)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private string Path => System.IO.Path.Combine(place.State, "running.json");

    /// <summary>What is noted and still alive.</summary>
    public IReadOnlyList<RunningService> Alive() => [.. Read().Where(service => Find(service) is not null)];

    /// <summary>Notes it. One that has ended already is not worth a note.</summary>
    public void Add(Service service, LocalPorts ports)
    {
        if (service.Started is { } started)
        {
            Write([.. Alive().Where(known => known.Pid != service.Pid), new RunningService(service.Plan.Name, service.Pid, started, ports)]);
        }
    }

    public void Remove(int pid) => Write([.. Alive().Where(service => service.Pid != pid)]);

    public static async Task StopAsync(RunningService service)
    {
        using var process = Find(service);
        if (process is not null)
        {
            await Service.StopAsync(process);
        }
    }

    private static Process? Find(RunningService service)
    {
        try
        {
            var process = Process.GetProcessById(service.Pid);
            return !process.HasExited && (process.StartTime.ToUniversalTime() - service.Started).Duration() < Tolerance ? process : null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    private IReadOnlyList<RunningService> Read()
    {
        try
        {
            return File.Exists(Path) ? ReidJson.Read<IReadOnlyList<RunningService>>(File.ReadAllBytes(Path)) : [];
        }
        catch (SpecException)
        {
            // Cut short by a crash, or of another version: then nothing is known to run.
            return [];
        }
    }

    private void Write(IReadOnlyList<RunningService> services)
    {
        Directory.CreateDirectory(place.State);
        var whole = $"{Path}.{Environment.ProcessId}";
        File.WriteAllBytes(whole, ReidJson.Write(services));
        File.Move(whole, Path, overwrite: true);
    }
}
