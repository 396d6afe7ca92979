using System.CommandLine;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid cancel RUN`: asks a run to stop at its next step.</summary>
internal static class CancelCommand
{
    public static Command Create(Shell shell)
    {
        var run = Arguments.Run();
        var command = new Command("cancel", "Ask a run to stop") { run, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var view = await client.CancelAsync(parse.GetValue(run), cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(view);
            }
            else
            {
                shell.Terminal.Out.WriteLine(view.Status.IsFinal
                    ? $"{view.Id} is {Display.RunText.State(view)} already."
                    : $"{view.Id} was asked to stop. `./reid watch {view.Id}` shows when it has.");
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
