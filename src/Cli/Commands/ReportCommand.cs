using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid report RUN`: what came out, with everything the numbers depend on.</summary>
internal static class ReportCommand
{
    public static Command Create(Shell shell)
    {
        var run = Arguments.Run();
        var save = new Option<string?>("--save")
        {
            Description = "Copy the report and the run's files into this folder, which is made where it is missing; the checkpoint is left out",
            HelpName = "folder",
        };
        var command = new Command("report", "Show a run's metrics, losses, lineage and files") { run, save, shell.Json };
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

            if (parse.GetValue(save) is { } folder)
            {
                var files = await new ReportSave(client, shell.Terminal).SaveAsync(parse.GetValue(run), report, folder, cancellationToken);
                shell.Terminal.Say($"{files} files are in {Path.GetFullPath(folder)}.");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, MetricReport report)
    {
        console.Write(ReportTables.Facts(report));
        ReportTables.WriteFigures(console, report);
        if (report.Losses.Count > 0)
        {
            console.Write(ReportTables.Losses(report));
        }

        if (report.Files.Count > 0)
        {
            console.Write(ReportTables.Files(report));
        }

        foreach (var warning in report.Warnings)
        {
            console.WriteLine($"Warning: {warning}", new Style(Color.Yellow));
        }
    }
}
