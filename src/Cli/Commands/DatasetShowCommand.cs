using System.CommandLine;
using ReidCloud.Cli.Display;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid dataset show NAME`: counts per split and what was found wrong.</summary>
internal static class DatasetShowCommand
{
    public static Command Create(Shell shell)
    {
        var name = new Argument<string>("name") { Description = "The data set's name" };
        var command = new Command("show", "Show a data set's counts and findings") { name, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var dataset = await client.DatasetAsync(parse.GetRequiredValue(name), cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(dataset);
            }
            else
            {
                DatasetText.Write(shell.Terminal.Out, dataset);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
