using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;

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
                ReportTables.Write(shell.Terminal.Out, report);
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
}
