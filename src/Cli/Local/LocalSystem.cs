using ReidCloud.Cli.Progress;

namespace ReidCloud.Cli.Local;

/// <summary>
/// The whole system on this machine: what runs already is used, what does not is started, and what was started here is stopped on dispose,
/// newest first, unless it is to be kept.
/// </summary>
internal sealed class LocalSystem : IAsyncDisposable
{
    private readonly RunningServices _running;
    private readonly List<Service> _started = [];
    private readonly bool _keep;

    private LocalSystem(RunningServices running, LocalPorts ports, bool keep)
    {
        _running = running;
        _keep = keep;
        Ports = ports;
    }

    public LocalPorts Ports { get; }

    /// <summary>All services answer on return. A failure stops what was started until then.</summary>
    public static async Task<LocalSystem> StartAsync(
        Workplace place, LocalPorts ports, bool keep, Terminal terminal, CancellationToken cancellationToken)
    {
        await NodeInstallation.Azurite(place).EnsureAsync(terminal, cancellationToken);
        return await StartAsync(place, LocalServices.Plan(place, ports), ports, keep, terminal, cancellationToken);
    }

    /// <summary>The same with other services than the usual.</summary>
    internal static async Task<LocalSystem> StartAsync(
        Workplace place, IReadOnlyList<ServicePlan> plans, LocalPorts ports, bool keep, Terminal terminal, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(place.State);
        await using var turn = await TurnAsync(place, terminal, cancellationToken);
        var system = new LocalSystem(new RunningServices(place), ports, keep);
        try
        {
            await Bars.On(terminal).ShowAsync(async bars =>
            {
                foreach (var plan in plans)
                {
                    await system.EnsureAsync(plan, place, bars.Add(plan.Title), cancellationToken);
                }

                return true;
            });
            return system;
        }
        catch
        {
            await system.StopAsync();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/>; when a service that was started here ends meanwhile, ends it with the service's last words.</summary>
    public async Task<T> WhileRunningAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = work(stop.Token);
        var first = await Task.WhenAny([working, .. _started.Select(service => service.Ended)]);
        if (first == working || cancellationToken.IsCancellationRequested)
        {
            return await working;
        }

        await stop.CancelAsync();
        await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        throw _started.First(service => service.Ended == first).Failure();
    }

    /// <summary>Stops whatever this checkout has started, whoever left it. Returns the names.</summary>
    public static async Task<IReadOnlyList<string>> StopAllAsync(Workplace place)
    {
        var running = new RunningServices(place);
        var alive = running.Alive();
        foreach (var service in alive.Reverse())
        {
            await RunningServices.StopAsync(service);
            running.Remove(service.Pid);
        }

        return [.. alive.Select(service => service.Name)];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_keep)
        {
            await StopAsync();
        }
    }

    private async Task StopAsync()
    {
        for (var index = _started.Count - 1; index >= 0; index--)
        {
            await _started[index].StopAsync();
            _running.Remove(_started[index].Pid);
        }

        _started.Clear();
    }

    private async Task EnsureAsync(ServicePlan plan, Workplace place, Bar bar, CancellationToken cancellationToken)
    {
        foreach (var known in _running.Alive().Where(service => service.Name == plan.Name))
        {
            if (known.Ports == Ports && await plan.IsReady(cancellationToken))
            {
                bar.Finish($"runs already (process {known.Pid})");
                return;
            }

            bar.Show(null, $"stopping process {known.Pid}, which does not answer here");
            await RunningServices.StopAsync(known);
            _running.Remove(known.Pid);
        }

        foreach (var (port, option) in plan.Ports)
        {
            if (LocalPorts.IsTaken(port))
            {
                throw LocalPorts.Taken(port, plan.Title, option);
            }
        }

        var service = await Service.StartAsync(plan, place.Logs, _keep);
        _started.Add(service);
        _running.Add(service, Ports);
        await ReadyAsync(service, bar, cancellationToken);
        bar.Finish(plan.Ports is [var (port_, _), ..] ? $"on port {port_}" : "ready");
    }

    private static async Task ReadyAsync(Service service, Bar bar, CancellationToken cancellationToken)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        bar.Show(null, "starting");
        while (!await service.Plan.IsReady(cancellationToken))
        {
            if (service.Ended.IsCompleted)
            {
                throw service.Failure();
            }

            if (clock.Elapsed > service.Plan.Patience)
            {
                throw CommandException.Fault(
                    $"{service.Plan.Title} did not answer within {service.Plan.Patience.TotalSeconds:F0} seconds", $"its log is {service.Log}");
            }

            bar.Show(null, $"starting, {Words.Duration(clock.Elapsed)}");
            await Task.Delay(TimeSpan.FromMilliseconds(150), cancellationToken);
        }

        if (service.Ended.IsCompleted)
        {
            throw service.Failure();
        }
    }

    /// <summary>Two starts at once in one checkout take turns: the second then finds what the first has started.</summary>
    private static async Task<FileStream> TurnAsync(Workplace place, Terminal terminal, CancellationToken cancellationToken)
    {
        for (var said = false; ; said = true)
        {
            try
            {
                return new FileStream(Path.Combine(place.State, "start.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                if (!said)
                {
                    terminal.Say("Waiting for another start in this checkout…");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(300), cancellationToken);
            }
        }
    }
}
