using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid report RUN`: what came out, with everything the numbers depend on.</summary>
internal static class ReportCommand
{
    private static readonly (string Name, string Option, string Description)[] Pages =
    [
        (RunFileName.ReportPage, "--html", "Save the report as a page for a browser, one file with everything in it"),
        (RunFileName.ReportText, "--md", "Save it as Markdown"),
        (RunFileName.ReportTable, "--csv", "Save its figures as a table"),
    ];

    public static Command Create(Shell shell)
    {
        var run = Arguments.Run();
        var save = new Option<string?>("--save")
        {
            Description = "Copy the report and the run's files into this folder, which is made where it is missing; the checkpoint is left out",
            HelpName = "folder",
        };
        var saved = Pages.Select(page => (page.Name, Option: new Option<string?>(page.Option) { Description = page.Description, HelpName = "file" })).ToList();
        var command = new Command("report", "Show a run's metrics, losses, lineage and files") { run, save };
        saved.ForEach(page => command.Add(page.Option));
        command.Add(shell.Json);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var report = await client.ReportAsync(parse.GetValue(run), cancellationToken);
            var saves = new ReportSave(client, shell.Terminal);
            foreach (var (name, option) in saved)
            {
                if (parse.GetValue(option) is { } file)
                {
                    Arguments.RequireWritable(file);
                    await saves.SaveOneAsync(parse.GetValue(run), name, file, cancellationToken);
                    shell.Terminal.Say($"{file} is the report of run {parse.GetValue(run)}.");
                }
            }

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
                var files = await saves.SaveAsync(parse.GetValue(run), report, folder, cancellationToken);
                shell.Terminal.Say($"{files} files are in {Path.GetFullPath(folder)}.");
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
