using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ReidCloud.Cli;
using ReidCloud.Cli.Local;

namespace ReidCloud.Tests.Cli.Local;

public sealed class LocalSystemTests : IDisposable
{
    private static readonly LocalPorts Ports = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("reid with space ").FullName;
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Stops_what_it_started()
    {
        int pid;
        await using (var system = await StartAsync(keep: false, Sleeper()))
        {
            pid = Assert.Single(new RunningServices(new Workplace(_folder)).Alive()).Pid;
            Assert.False(Process.GetProcessById(pid).HasExited);
        }

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(pid));
        Assert.Empty(new RunningServices(new Workplace(_folder)).Alive());
    }

    [Fact]
    public async Task Uses_what_runs_already_and_leaves_it_running()
    {
        await using (await StartAsync(keep: true, Sleeper()))
        {
        }

        var first = Assert.Single(new RunningServices(new Workplace(_folder)).Alive());
        await using (await StartAsync(keep: false, Sleeper()))
        {
        }

        Assert.Equal(first, Assert.Single(new RunningServices(new Workplace(_folder)).Alive()));
        Assert.Equal(["sleeper"], await LocalSystem.StopAllAsync(new Workplace(_folder)));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(first.Pid));
    }

    [Fact]
    public async Task Names_a_port_that_another_program_has_and_the_remedy()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var complaint = await Assert.ThrowsAsync<CommandException>(
            () => StartAsync(keep: false, Sleeper() with { Ports = [(port, "--port")] }));

        Assert.Equal(1, complaint.ExitCode);
        Assert.Contains($"port {port}", complaint.Message);
        Assert.Contains("--port", complaint.Remedy);
    }

    [Fact]
    public async Task Stops_the_first_when_the_second_fails_and_shows_its_last_words()
    {
        var broken = Shell("broken", "echo cannot find the sea; exit 3") with { IsReady = _ => Task.FromResult(false) };

        var complaint = await Assert.ThrowsAsync<CommandException>(() => StartAsync(keep: false, Sleeper(), broken));

        Assert.Contains("exit code 3", complaint.Message);
        Assert.Contains("cannot find the sea", complaint.Message);
        Assert.Empty(new RunningServices(new Workplace(_folder)).Alive());
    }

    [Fact]
    public async Task Ends_the_work_when_a_service_ends()
    {
        await using var system = await StartAsync(keep: false, Shell("brief", "sleep 0.5; echo good night; exit 7"));

        var complaint = await Assert.ThrowsAsync<CommandException>(() => system.WhileRunningAsync<bool>(
            async token =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return true;
            },
            CancellationToken.None));

        Assert.Contains("exit code 7", complaint.Message);
        Assert.Contains("good night", complaint.Message);
    }

    private Task<LocalSystem> StartAsync(bool keep, params ServicePlan[] plans) =>
        LocalSystem.StartAsync(new Workplace(_folder), plans, Ports, keep, new Terminal(TextWriter.Null, _error), CancellationToken.None);

    private static ServicePlan Sleeper() => Shell("sleeper", "exec sleep 600");

    private static ServicePlan Shell(string name, string script) =>
        new(name, name, "/bin/sh", ["-c", script]) { IsReady = _ => Task.FromResult(true) };
}
