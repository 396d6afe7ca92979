using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Reports;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid report RUN`: what came out, with everything the numbers depend on.</summary>
internal static class ReportCommand
{
    public static Command Create(Shell shell)
    {
        var run = Arguments.Run();
        var command = new Command("report", "Show a run's metrics, losses and lineage") { run, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var report = await client.ReportAsync(parse.GetValue(run), cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(report);
            }
            else
            {
                Write(shell.Terminal.Out, report);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, MetricReport report)
    {
        console.Write(ReportTables.Facts(report));
        console.Write(ReportTables.Settings(report));
        if (report.Settings.Any(metrics => metrics.Groups.Count > 0))
        {
            console.Write(ReportTables.Groups(report));
        }

        if (report.Losses.Count > 0)
        {
            console.Write(ReportTables.Losses(report));
        }

        foreach (var warning in report.Warnings)
        {
            console.WriteLine($"Warning: {warning}", new Style(Color.Yellow));
        }
    }
}
