using System.CommandLine;
using ReidCloud.Cli.Local;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid down`: stops what `up --keep`, `demo --keep` or a crash left running from this checkout.</summary>
internal static class DownCommand
{
    public static Command Create(Shell shell)
    {
        var command = new Command("down", "Stop the system that --keep left running") { shell.Json };
        command.SetAction(async (parse, _) =>
        {
            var stopped = await LocalSystem.StopAllAsync(Workplace.Find());
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(stopped);
                return ExitCode.Ok;
            }

            shell.Terminal.Say(stopped.Count > 0 ? $"Stopped: {string.Join(", ", stopped)}." : "Nothing of this checkout was running.");
            return ExitCode.Ok;
        });
        return command;
    }
}
