using System.CommandLine;
using ReidCloud.Cli.Display;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid weights show NAME`: which network they are, what matched, what was missing and what was left over.</summary>
internal static class WeightsShowCommand
{
    public static Command Create(Shell shell)
    {
        var name = new Argument<string>("name") { Description = "The weights' name" };
        var command = new Command("show", "Show which network weights are, and what their file lacked or had too much") { name, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var weights = await client.WeightsAsync(parse.GetRequiredValue(name), cancellationToken);
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
