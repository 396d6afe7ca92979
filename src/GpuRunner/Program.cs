using System.Reflection;
using System.Security.Cryptography;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.Runs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner;

/// <summary>
/// `serve` takes runs until it is stopped: it supervises a process of its own, `work`, that does so, and starts another when that dies. `once` takes one run
/// and ends (container jobs); whoever starts it supervises it. Options come from the environment. What signals do, <see cref="StopSignals"/> says; what exit
/// codes mean, <see cref="ExitCode"/>.
/// </summary>
internal static class Program
{
    private const string Usage = "usage: ReidCloud.GpuRunner serve | once | --version      options: environment variables ReidCloud__… (see local.settings.sample.json)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseWithoutStorage = TimeSpan.FromSeconds(5);

    /// <summary>So long after its start a run is there, or none is: a rehearsal would keep it waiting.</summary>
    private static readonly TimeSpan BeforeRehearsal = TimeSpan.FromSeconds(1);

    private static async Task<int> Main(string[] args)
    {
        var log = new RunnerLog(Console.Out, TimeProvider.System);
        try
        {
            switch (args)
            {
                case ["--version"]:
                    Console.WriteLine(typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
                    return ExitCode.Done;
                case ["serve"]:
                    return await SuperviseAsync(log);
                case [WorkerProcess.Verb, var supervisor, var pipe]:
                    using (var signals = new StopSignals(log))
                    using (var supervision = Supervision.Begin(supervisor, pipe, signals))
                    {
                        return await ServeAsync(log, signals, supervision);
                    }

                case ["once"]:
                    using (var signals = new StopSignals(log))
                    {
                        await ServeAsync(log, signals, null);
                    }

                    return ExitCode.Done;
                default:
                    Console.Error.WriteLine(Usage);
                    return ExitCode.WrongUsage;
            }
        }
        catch (OptionsException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return ExitCode.WrongUsage;
        }
        catch (Exception fault)
        {
            Console.Error.WriteLine(fault);
            return ExitCode.Fault;
        }
    }

    /// <summary>Its turn is drawn: of runners that take one run and end, each would else begin with the high priority, and none ever take another first.</summary>
    internal static RunQueue Receiver(StorageAccess storage) => RunQueues.Create(storage, RandomNumberGenerator.GetInt32(RunQueue.Turns));

    /// <summary>On a thread of its own, as a run is done.</summary>
    private static async Task RehearseAsync(Placement placement, RunnerLog log)
    {
        var begun = TimeProvider.System.GetTimestamp();
        await Task.Factory.StartNew(() => Rehearsal.Run(placement), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        KeptMemory.GiveBack();
        log.Say($"rehearsed in {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:F1} s; the first run begins at once");
    }

    private static async Task<int> SuperviseAsync(RunnerLog log)
    {
        var options = RunnerOptions.Read(Environment.GetEnvironmentVariables());
        var storage = new StorageAccess(options);
        await using var queue = RunQueues.Create(storage);
        using var signals = new StopSignals(log);
        return await new Supervisor(options, new RunStore(storage, queue, TimeProvider.System), signals, log, TimeProvider.System).RunAsync();
    }

    /// <summary>Takes runs until it is asked to stop, or until one may have harmed this process: the next shall not suffer for it. Returns the exit code.</summary>
    /// <param name="supervision">Null without a supervisor: it ends after one run.</param>
    private static async Task<int> ServeAsync(RunnerLog log, StopSignals signals, Supervision? supervision)
    {
        var options = RunnerOptions.Read(Environment.GetEnvironmentVariables());
        set_num_threads(options.Threads > 0 ? options.Threads : Environment.ProcessorCount);
        TensorFloat32.Allow(false);
        var device = Devices.ChooseAll(options.Device) with { ResidentBytes = (long)options.ResidentMiB << 20 };
        var storage = new StorageAccess(options, options.StoragePatience);
        await using var queue = Receiver(storage);
        var store = new RunStore(storage, queue, TimeProvider.System);
        var runner = new Runner(store, new DatasetStore(storage, TimeProvider.System), queue, device, log, TimeProvider.System)
        {
            Owns = owned => supervision?.Tell(owned),
        };

        var goingAway = signals.Asked;
        if (runner.Sweep() is var swept and > 0)
        {
            log.Say($"removed what {swept} killed runners had left in the cache folder");
        }

        log.Say($"waiting for runs on {device} with {get_num_threads()} threads");
        supervision?.TellReady();
        var isRehearsed = supervision is null;
        do
        {
            try
            {
                var took = await runner.TakeOneAsync(isRehearsed ? Patience : BeforeRehearsal, goingAway);
                if (took)
                {
                    KeptMemory.GiveBack();
                }
                else if (supervision is null)
                {
                    log.Say($"no run came within {Patience.TotalSeconds} seconds");
                }

                if (!isRehearsed)
                {
                    isRehearsed = true;
                    await (took ? Task.CompletedTask : RehearseAsync(device, log));
                }
            }
            catch (OperationCanceledException) when (goingAway.IsCancellationRequested)
            {
                // Stopped while it waited: nothing to give back.
            }
            catch (Exception fault) when (supervision is not null && StoreFault.Is(fault))
            {
                log.Say($"storage cannot be reached: {fault.Message}");
                await Task.Delay(PauseWithoutStorage, goingAway).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        while (supervision is not null && !goingAway.IsCancellationRequested && !runner.IsWorn);
        return runner.IsWorn && !goingAway.IsCancellationRequested && supervision is not null ? ExitCode.Worn : ExitCode.Done;
    }
}
