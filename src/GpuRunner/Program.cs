using System.Reflection;
using System.Runtime.InteropServices;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.Runs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner;

/// <summary>
/// `serve` takes runs until it is stopped; `once` takes one and ends (container jobs). Options come from the environment. The first SIGTERM or
/// SIGINT stops at the next step, keeps a checkpoint and gives the run back; the second ends the process at once. Exit codes: 0 done or stopped as
/// asked, 1 a fault of this program, 2 wrong usage or options, 130 ended by a second signal.
/// </summary>
internal static class Program
{
    private const int Fault = 1;
    private const int WrongUsage = 2;
    private const int EndedAtOnce = 130;
    private const string Usage = "usage: ReidCloud.GpuRunner serve | once | --version      options: environment variables ReidCloud__… (see local.settings.sample.json)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseWithoutStorage = TimeSpan.FromSeconds(5);

    private static async Task<int> Main(string[] args)
    {
        var log = new RunnerLog(Console.Out, TimeProvider.System);
        try
        {
            switch (args)
            {
                case ["--version"]:
                    Console.WriteLine(typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
                    return 0;
                case ["serve"]:
                    await ServeAsync(log, again: true);
                    return 0;
                case ["once"]:
                    await ServeAsync(log, again: false);
                    return 0;
                default:
                    Console.Error.WriteLine(Usage);
                    return WrongUsage;
            }
        }
        catch (OptionsException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return WrongUsage;
        }
        catch (Exception fault)
        {
            Console.Error.WriteLine(fault);
            return Fault;
        }
    }

    private static async Task ServeAsync(RunnerLog log, bool again)
    {
        var options = RunnerOptions.Read(Environment.GetEnvironmentVariables());
        set_num_threads(options.Threads > 0 ? options.Threads : Environment.ProcessorCount);
        var device = Devices.Choose(options.Device);
        var storage = new StorageAccess(options, options.StoragePatience);
        await using var queue = RunQueues.Create(storage);
        var store = new RunStore(storage, queue, TimeProvider.System);
        var runner = new Runner(store, new DatasetStore(storage, TimeProvider.System), queue, device, log, TimeProvider.System);

        using var goingAway = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => OnSignal(signal, goingAway, log));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => OnSignal(signal, goingAway, log));
        log.Say($"waiting for runs on {device} with {get_num_threads()} threads");
        do
        {
            try
            {
                var took = await runner.TakeOneAsync(Patience, goingAway.Token);
                if (!took && !again)
                {
                    log.Say($"no run came within {Patience.TotalSeconds} seconds");
                }
            }
            catch (OperationCanceledException) when (goingAway.IsCancellationRequested)
            {
                // Stopped while it waited: nothing to give back.
            }
            catch (Exception fault) when (again && StoreFault.Is(fault))
            {
                log.Say($"storage cannot be reached: {fault.Message}");
                await Task.Delay(PauseWithoutStorage, goingAway.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        while (again && !goingAway.IsCancellationRequested);
    }

    private static void OnSignal(PosixSignalContext signal, CancellationTokenSource goingAway, RunnerLog log)
    {
        signal.Cancel = true;
        if (goingAway.IsCancellationRequested)
        {
            log.Say("asked again: ends at once");
            Environment.Exit(EndedAtOnce);
        }

        log.Say($"{signal.Signal}: stops at the next step and gives its run back; once more ends it at once");
        goingAway.Cancel();
    }
}
