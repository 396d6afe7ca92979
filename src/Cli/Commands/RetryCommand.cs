using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Runs;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid retry RUN`: has a run that failed or was cancelled done again.</summary>
internal static class RetryCommand
{
    public static Command Create(Shell shell)
    {
        var run = Arguments.Run();
        var fromStart = new Option<bool>("--from-start") { Description = "Begin at the start, instead of at the last checkpoint" };
        var watch = Arguments.Watch();
        var command = new Command("retry", "Try a run again that failed or was cancelled; those that failed because of it wait for it again") { run, fromStart, watch, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var view = await client.RetryAsync(parse.GetValue(run), parse.GetValue(fromStart) ? RetryFrom.Start : RetryFrom.Checkpoint, cancellationToken);
            if (parse.GetValue(watch))
            {
                return await WatchCommand.WatchAsync(shell, client, view.Id, parse.GetValue(shell.Json), cancellationToken);
            }

            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(view);
            }
            else
            {
                var from = view.Status.Checkpoint is { } last ? $"goes on after epoch {last.Epoch}, step {last.Step}" : "begins at the start";
                shell.Terminal.Out.WriteLine($"Run {view.Id} ({RunText.Job(view.Spec)} on {view.Spec.Dataset}): {RunText.State(view)}; it {from}.");
                shell.Terminal.Say($"`./reid watch {view.Id}` follows it.");
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
