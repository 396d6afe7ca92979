using System.CommandLine;
using ReidCloud.Cli.Local;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid prepare`: installs what a local system needs beside this program. The launcher adds the system's packages and the build.</summary>
internal static class PrepareCommand
{
    public static Command Create(Shell shell)
    {
        var command = new Command("prepare", "Install what is missing here, and build; start nothing");
        command.SetAction(async (_, cancellationToken) =>
        {
            await NodeInstallation.Azurite(Workplace.Find()).EnsureAsync(shell.Terminal, cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }
}
