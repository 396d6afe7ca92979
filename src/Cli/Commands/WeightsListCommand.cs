using System.CommandLine;
using System.Globalization;
using ReidCloud.Cli.Progress;
using ReidCloud.Specs;
using ReidCloud.Weights;
using Spectre.Console;

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
                Write(shell.Terminal.Out, weights);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<WeightsView> weights)
    {
        if (weights.Count == 0)
        {
            console.WriteLine("No weights. `./reid weights push FILE --name NAME` makes some.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("weights", "backbone", "identities", "size", "pushed");
        foreach (var view in weights)
        {
            table.AddRow(
                new Text(view.Name),
                new Text(NameConverterFactory.NameOf(view.Model.Backbone)),
                new Text(view.Identities?.ToString(CultureInfo.InvariantCulture) ?? "no head"),
                new Text(Words.Bytes(view.Length)),
                new Text(view.PushedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)));
        }

        console.Write(table);
    }
}
