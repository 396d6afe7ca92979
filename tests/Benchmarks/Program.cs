using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ReidCloud.Benchmarks;
using ReidCloud.Benchmarks.Hot;
using ReidCloud.Benchmarks.Load;
using ReidCloud.Cli;

var terminal = new Terminal(Console.Out, Console.Error);
try
{
    return await RunAsync();
}
catch (CommandException exception)
{
    terminal.Complain($"reid: {exception.Message}{(exception.Remedy is { } remedy ? $"\n→ {remedy}" : "")}");
    return exception.ExitCode;
}

// Everything that this program does. What measures ratios is in Measurements; the rest judges by itself, or prints what a person looks at.
async Task<int> RunAsync()
{
    switch (args)
    {
        // What `./reid bench` runs.
        case ["bench", ..]:
            return await BenchAsync(args[1..]);

        // One measurement in this process. Its figures are all that standard output has.
        case ["measure", var name, "whole" or "brief"]:
            return Measure(name, args[2] == "whole" ? Extent.Whole : Extent.Brief);

        // The innermost work, with BenchmarkDotNet.
        case ["hot", ..]:
            return HotPaths.Run(Workplace.Find().Root, args[1..]);

        case ["load", ..] when args.Length <= 4:
            return await LoadTest.RunAsync(rate: Number(1, 200), seconds: Number(2, 60), runners: Number(3, 3));

        case ["kills", ..] when args.Length <= 3:
            return await Kills.RunAsync(Number(1, 40), seed: Number(2, 1));

        case ["preemption", ..] when args.Length <= 2:
            return await Preemption.RunAsync(Number(1, 4));

        case ["soak", ..] when args.Length <= 2:
            SoakTest.Run(Number(1, 10_000));
            return ExitCode.Ok;

        default:
            Console.Error.WriteLine("""
                usage: bench --help
                       measure NAME whole|brief          one of `bench --list`, as lines of JSON
                       hot [PART-OF-A-NAME | OPTIONS]    the innermost work with BenchmarkDotNet, its options among them (--list flat)
                       load [SUBMISSIONS-A-SECOND] [SECONDS] [RUNNERS]
                       kills [OF-EACH-KIND] [SEED]
                       preemption [SIGNALS]
                       soak [STEPS]
                """);
            return ExitCode.Mistake;
    }
}

int Number(int place, int usual) => place >= args.Length ? usual
    : int.TryParse(args[place], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
    : throw CommandException.Mistake($"'{args[place]}' is no whole number", $"`{args[0]}` takes numbers; without arguments this program says which");

async Task<int> BenchAsync(string[] words)
{
    using var ending = new CancellationTokenSource();
    using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
    try
    {
        var root = Workplace.Find().Root;
        return await new Bench(terminal, Measurements.All, root, Commit.Of(root), Process, TimeProvider.System).RunAsync(words, ending.Token);
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

static int Measure(string name, Extent extent)
{
    var measurement = Measurements.All.FirstOrDefault(one => one.Name == name)
        ?? throw CommandException.Mistake($"nothing that is measured is called '{name}'", $"there are {string.Join(", ", Measurements.All.Select(one => one.Name))}");
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
