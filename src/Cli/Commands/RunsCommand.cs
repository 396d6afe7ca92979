using System.CommandLine;
using System.Globalization;
using ReidCloud.Cli.Display;
using ReidCloud.Runs;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid runs`: what was asked for, newest first.</summary>
internal static class RunsCommand
{
    public static Command Create(Shell shell)
    {
        var state = new Option<string?>("--state") { Description = "Only runs in this state" };
        state.AcceptOnlyFromAmong([.. NameConverterFactory.NamesOf(typeof(RunState))]);
        var command = new Command("runs", "List runs, newest first") { state, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var wanted = parse.GetValue(state) is { } name
                ? Enum.GetValues<RunState>().Single(value => NameConverterFactory.NameOf(value) == name)
                : (RunState?)null;
            var runs = await client.RunsAsync(wanted, cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(runs);
            }
            else
            {
                Write(shell.Terminal.Out, runs);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<RunView> runs)
    {
        if (runs.Count == 0)
        {
            console.WriteLine("No runs. `./reid submit --preset NAME --dataset NAME` asks for one.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("run", "data set", "what", "submitted (UTC)", "where it stands");
        table.Columns[0].NoWrap();
        foreach (var run in runs)
        {
            table.AddRow(
                new Text(run.Id.ToString()),
                new Text(run.Spec.Dataset),
                new Text(RunText.Job(run.Spec)),
                new Text(run.Status.SubmittedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                new Text(RunText.Detail(run, losses: false)));
        }

        console.Write(table);
    }
}
