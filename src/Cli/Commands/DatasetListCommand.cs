using System.CommandLine;
using System.Globalization;
using ReidCloud.Datasets;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid dataset list`: one line per data set.</summary>
internal static class DatasetListCommand
{
    public static Command Create(Shell shell)
    {
        var command = new Command("list", "List data sets") { shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var datasets = await client.DatasetsAsync(cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(datasets);
            }
            else
            {
                Write(shell.Terminal.Out, datasets);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<DatasetView> datasets)
    {
        if (datasets.Count == 0)
        {
            console.WriteLine("No data sets. `./reid dataset push PATH --name NAME` makes one.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("data set", "state", "layout", "training identities", "frames", "findings");
        foreach (var dataset in datasets)
        {
            var diagnosis = dataset.Diagnosis;
            table.AddRow(
                new Text(dataset.Name),
                new Text(NameConverterFactory.NameOf(dataset.State)),
                new Text(dataset.Layout ?? ""),
                new Text(Count(diagnosis?.Train.Identities)),
                new Text(Count(diagnosis is null ? null : diagnosis.Train.Frames + diagnosis.Query.Frames + diagnosis.Gallery.Frames)),
                new Text(Count(diagnosis?.Findings.Count)));
        }

        console.Write(table);
    }

    private static string Count(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
