using System.CommandLine;
using ReidCloud.Cli.Api;
using ReidCloud.Cli.Checkup;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Local;
using ReidCloud.Cli.Progress;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid demo`: starts the system, does the main job with data made on the spot, shows the result, stops the system.</summary>
internal static class DemoCommand
{
    private const long DefaultSeed = 1;

    public static Command Create(Shell shell)
    {
        var seed = new Option<long>("--seed")
        {
            Description = "Which data set is made, and where the runs' random numbers come from",
            DefaultValueFactory = _ => DefaultSeed,
        };
        var port = Arguments.FunctionsPort();
        var storagePort = Arguments.StoragePort();
        var keep = Arguments.Keep();
        var brief = new Option<bool>("--brief") { Description = "Two epochs on a handful of people: shows in seconds that all parts work, and teaches nothing" };
        var command = new Command("demo", "Make a data set, train a teacher and its student, compare them") { seed, brief, keep, port, storagePort, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var terminal = shell.Terminal;
            var place = Workplace.Find();
            var ports = new LocalPorts(parse.GetValue(port), parse.GetValue(storagePort));
            Warn(terminal, place);
            await using var system = await LocalSystem.StartAsync(place, ports, parse.GetValue(keep), terminal, cancellationToken);
            using var client = new ReidClient(ports.Url);
            var result = await system.WhileRunningAsync(
                token => new Demo(client, place, terminal, parse.GetValue(brief) ? DemoPlan.Brief : DemoPlan.Full).RunAsync(parse.GetValue(seed), token), cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                terminal.WriteJson(result);
            }
            else
            {
                Show(terminal, result, ports, parse.GetValue(keep));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>What would make it slow or fail half-way, said before rather than after.</summary>
    private static void Warn(Terminal terminal, Workplace place)
    {
        foreach (var check in new[] { MachineChecks.Processor(), MachineChecks.Memory(), MachineChecks.Disk(place) }.Where(check => check.Fix is not null))
        {
            terminal.Say($"! {check.Name}: {check.Found} → {check.Fix}");
        }
    }

    private static void Show(Terminal terminal, DemoResult result, LocalPorts ports, bool keep)
    {
        var console = terminal.Out;
        ReportTables.WriteComparison(console, [("teacher", result.Teacher), ("student", result.Student)]);
        console.WriteLine($"Both in {Words.Duration(TimeSpan.FromSeconds(result.Seconds))}. The reports:");
        foreach (var (name, report) in new[] { ("teacher", result.Teacher), ("student", result.Student) })
        {
            console.WriteLine($"  {name}  {ports.Url}api/runs/{report.Run}/report   ./reid report {report.Run}");
        }

        console.WriteLine(keep
            ? "The system keeps running. `./reid down` stops it."
            : "The system stops now; its data stays in .reid/storage. `./reid up` starts it again, `./reid demo --keep` leaves it running.");
    }
}
