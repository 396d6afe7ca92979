using System.CommandLine;
using ReidCloud.Cli.Api;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid watch RUN…`: follows runs live until all are final. Exit code 1 when one did not succeed.</summary>
internal static class WatchCommand
{
    public static Command Create(Shell shell)
    {
        var runs = Arguments.Runs("The ids of the runs", fewest: 1);
        var command = new Command("watch", "Follow runs until they are done") { runs, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            return parse.GetRequiredValue(runs) is [var only]
                ? await WatchAsync(shell, client, only, parse.GetValue(shell.Json), cancellationToken)
                : await WatchAllAsync(shell, client, parse.GetRequiredValue(runs), parse.GetValue(shell.Json), cancellationToken);
        });
        return command;
    }

    internal static async Task<int> WatchAsync(Shell shell, ReidClient client, RunId run, bool json, CancellationToken cancellationToken)
    {
        var view = (await UntilFinalAsync(shell, client, [run], cancellationToken))[0];
        if (json)
        {
            shell.Terminal.WriteJson(view);
        }
        else if (view.Status.State == RunState.Succeeded)
        {
            MetricReport report = await client.ReportAsync(run, cancellationToken);
            ReportTables.WriteFigures(shell.Terminal.Out, report);
            shell.Terminal.Say($"`./reid report {run}` shows all that belongs to it, and with --save FOLDER copies it.");
        }

        Require([view]);
        return ExitCode.Ok;
    }

    private static async Task<int> WatchAllAsync(Shell shell, ReidClient client, IReadOnlyList<RunId> runs, bool json, CancellationToken cancellationToken)
    {
        var views = await UntilFinalAsync(shell, client, runs, cancellationToken);
        if (json)
        {
            shell.Terminal.WriteJson(views);
        }
        else
        {
            var table = new WideTable(1, ["run", "what", "where it stands"]);
            foreach (var view in views)
            {
                table.AddRow(view.Id.ToString(), $"{RunText.Job(view.Spec)} on {view.Spec.Dataset}, seed {view.Spec.Seed}", RunText.State(view));
            }

            shell.Terminal.Out.Write(table);
        }

        Require(views);
        if (views.All(view => view.Spec is not (ExplainSpec or ExportSpec)))
        {
            shell.Terminal.Say($"`{CompareCommand.Line(runs)}` lays them side by side.");
        }

        return ExitCode.Ok;
    }

    /// <summary>Waits for runs that are to be read then.</summary>
    /// <exception cref="CommandException">One did not succeed.</exception>
    internal static async Task UntilSucceededAsync(Shell shell, ReidClient client, IReadOnlyList<RunId> runs, CancellationToken cancellationToken) =>
        Require(await UntilFinalAsync(shell, client, runs, cancellationToken));

    private static Task<IReadOnlyList<RunView>> UntilFinalAsync(Shell shell, ReidClient client, IReadOnlyList<RunId> runs, CancellationToken cancellationToken) =>
        new RunWatch(client, shell.Terminal).UntilFinalAsync([.. runs.Select(run => (run.ToString(), run))], losses: runs.Count == 1, cancellationToken);

    private static void Require(IReadOnlyList<RunView> views)
    {
        var lost = views.Where(view => view.Status.State != RunState.Succeeded).ToList();
        if (lost.Count > 0)
        {
            throw CommandException.Fault(
                string.Join(Environment.NewLine, lost.Select(view => $"run {view.Id} {RunText.State(view)}{Why(view)}")),
                lost.Exists(view => view.Status.Failure is not null)
                    ? "`./reid dead-letters` says what can be done about it"
                    : $"`./reid retry {lost[0].Id}` has it go on");
        }
    }

    private static string Why(RunView view) =>
        view.Status.Failure is { } failure ? $" ({RunText.Cause(view.Status, failure)}): {RunText.Why(failure)}" : "";
}
