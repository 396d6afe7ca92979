using System.CommandLine;
using ReidCloud.Cli.Display;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid weights list`: one line per name.</summary>
internal static class WeightsListCommand
{
    public static Command Create(Shell shell)
    {
        var command = new Command("list", "List pushed weights") { shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var weights = await client.AllWeightsAsync(cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(weights);
            }
            else
            {
                WeightsText.Write(shell.Terminal.Out, weights);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
