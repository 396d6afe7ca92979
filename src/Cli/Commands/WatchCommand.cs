using System.CommandLine;
using ReidCloud.Cli.Api;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;
using ReidCloud.Runs;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid watch RUN`: follows a run live until it is final. Exit code 1 when it did not succeed.</summary>
internal static class WatchCommand
{
    public static Command Create(Shell shell)
    {
        var run = Arguments.Run();
        var command = new Command("watch", "Follow a run until it is done") { run, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            return await WatchAsync(shell, client, parse.GetValue(run), parse.GetValue(shell.Json), cancellationToken);
        });
        return command;
    }

    internal static async Task<int> WatchAsync(Shell shell, ReidClient client, RunId run, bool json, CancellationToken cancellationToken)
    {
        var view = (await new RunWatch(client, shell.Terminal).UntilFinalAsync([(run.ToString(), run)], losses: true, cancellationToken))[0];
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

        if (view.Status.State == RunState.Succeeded)
        {
            return ExitCode.Ok;
        }

        throw view.Status.Failure is { } failure
            ? CommandException.Fault(
                $"run {run} {RunText.State(view)} ({RunText.Cause(view.Status, failure)}): {RunText.Why(failure)}", "`./reid dead-letters` says what can be done about it")
            : CommandException.Fault($"run {run} {RunText.State(view)}", $"`./reid retry {run}` has it go on");
    }
}
