using System.Diagnostics;
using System.Runtime.InteropServices;
using ReidCloud.Benchmarks;
using ReidCloud.Benchmarks.Hot;
using ReidCloud.Benchmarks.Load;
using ReidCloud.Cli;

switch (args)
{
    // What `./reid bench` runs.
    case ["bench", ..]:
        return await BenchAsync(args[1..]);

    // One measurement in this process. Its figures are all that standard output has.
    case ["measure", var name, "whole" or "brief"] when Measurements.All.FirstOrDefault(one => one.Name == name) is { } measurement:
        return Measure(measurement, args[2] == "whole" ? Extent.Whole : Extent.Brief);

    // The innermost work, with BenchmarkDotNet. Arguments: hot [part of a name, or BenchmarkDotNet's options]
    case ["hot", ..]:
        return HotPaths.Run(Workplace.Find().Root, args[1..]);

    // Arguments: load [submissions a second] [seconds] [runners]
    case ["load", ..]:
        return await LoadTest.RunAsync(
            args.Length > 1 ? int.Parse(args[1]) : 200,
            args.Length > 2 ? int.Parse(args[2]) : 60,
            args.Length > 3 ? int.Parse(args[3]) : 3);

    // Arguments: kills [of each kind of run] [seed]
    case ["kills", ..]:
        return await Kills.RunAsync(args.Length > 1 ? int.Parse(args[1]) : 40, args.Length > 2 ? long.Parse(args[2]) : 1);

    // Arguments: preemption [signals]
    case ["preemption", ..]:
        return await Preemption.RunAsync(args.Length > 1 ? int.Parse(args[1]) : 4);

    // Arguments: soak [steps of each role]
    case ["soak", ..]:
        SoakTest.Run(args.Length > 1 ? int.Parse(args[1]) : 10_000);
        return 0;

    default:
        Console.Error.WriteLine($"""
            usage: bench --help
                   measure {string.Join('|', Measurements.All.Select(one => one.Name))} whole|brief
                   hot [PART-OF-A-NAME | BenchmarkDotNet's options]
                   load [SUBMISSIONS-A-SECOND] [SECONDS] [RUNNERS]
                   kills [OF-EACH-KIND] [SEED]
                   preemption [SIGNALS]
                   soak [STEPS]
            """);
        return ExitCode.Mistake;
}

static async Task<int> BenchAsync(string[] words)
{
    using var ending = new CancellationTokenSource();
    using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
    var terminal = new Terminal(Console.Out, Console.Error);
    try
    {
        var root = Workplace.Find().Root;
        return await new Bench(terminal, Measurements.All, root, Commit.Of(root), Process, TimeProvider.System).RunAsync(words, ending.Token);
    }
    catch (CommandException exception)
    {
        terminal.Complain($"reid: {exception.Message}{(exception.Remedy is { } remedy ? $"\n→ {remedy}" : "")}");
        return exception.ExitCode;
    }
    catch (OperationCanceledException)
    {
        terminal.Say("Interrupted.");
        return ExitCode.Interrupted;
    }

    void End(PosixSignalContext context)
    {
        context.Cancel = true;
        ending.Cancel();
    }

    // With the memory of a runner's worker.
    static ProcessStartInfo Process(Measurement measurement, Extent extent)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. Self(), "measure", measurement.Name, extent == Extent.Whole ? "whole" : "brief"]);
        ReidCloud.GpuRunner.KeptMemory.In(start.Environment);
        return start;
    }

    // Under `dotnet x.dll` the process is dotnet's; published, or by its own executable, it is ours.
    static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Measurements).Assembly.Location] : [];
}

static int Measure(Measurement measurement, Extent extent)
{
    var lines = Console.Out;
    Console.SetOut(Console.Error);
    foreach (var figure in measurement.Take(extent))
    {
        lines.WriteLine(new MeasuredLine(Figure: figure).ToJson());
        lines.Flush();
    }

    lines.WriteLine(new MeasuredLine(Machine: Machine.Here()).ToJson());
    return ExitCode.Ok;
}
