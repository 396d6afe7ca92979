using System.CommandLine;
using System.Globalization;
using ReidCloud.Cli.Progress;
using ReidCloud.Datasets;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Display;

/// <summary>A data set's counts and findings.</summary>
internal static class DatasetText
{
    public static void Write(IAnsiConsole console, DatasetView dataset)
    {
        console.WriteLine($"Data set {dataset.Name}: {NameConverterFactory.NameOf(dataset.State)}" +
            (dataset.Layout is { } layout ? $", layout {layout}" : "") + (dataset.Variant is { } variant ? $", variant {variant}" : "") +
            (dataset.Combine is { } parts ? $", of {string.Join(", ", parts.Datasets)}{(parts.Test is null ? "" : $", tested on {parts.Test}")}" : "") +
            (dataset.From is { } from ? $", of the files of {from}" : "") + (dataset.Hash is { } hash ? $", content {hash}" : ""));
        if (dataset.Diagnosis is { } diagnosis)
        {
            console.Write(Counts(diagnosis));
            foreach (var finding in diagnosis.Findings)
            {
                Write(console, finding);
            }
        }

        if (dataset.Failure is { } failure)
        {
            console.WriteLine(failure, new Style(Color.Red));
        }
    }

    /// <summary>What a command ends with that made it.</summary>
    public static int Show(Shell shell, ParseResult parse, DatasetView dataset)
    {
        if (parse.GetValue(shell.Json))
        {
            shell.Terminal.WriteJson(dataset);
        }
        else
        {
            Write(shell.Terminal.Out, dataset);
        }

        return ExitCodeOf(dataset);
    }

    /// <summary>Fails with the data set's own words when it is not ready.</summary>
    public static int ExitCodeOf(DatasetView dataset) => dataset.State == DatasetState.Failed ? ExitCode.Mistake : ExitCode.Ok;

    private static Table Counts(ManifestDiagnosis diagnosis)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("split", "identities", "cameras", "tracklets", "frames", "distractors");
        foreach (var (name, counts) in new[]
            { ("train", diagnosis.Train), ("query", diagnosis.Query), ("query image", diagnosis.QueryImage), ("multi-query", diagnosis.MultiQuery), ("gallery", diagnosis.Gallery) })
        {
            if (counts is null)
            {
                continue;
            }

            table.AddRow([name, .. new[] { counts.Identities, counts.Cameras, counts.Tracklets, counts.Frames, counts.Distractors }
                .Select(count => count.ToString(CultureInfo.InvariantCulture))]);
        }

        return table;
    }

    private static void Write(IAnsiConsole console, Finding finding)
    {
        var style = finding.Severity switch
        {
            FindingSeverity.Error => new Style(Color.Red),
            FindingSeverity.Warning => new Style(Color.Yellow),
            FindingSeverity.Note => Style.Plain,
        };
        console.WriteLine($"{NameConverterFactory.NameOf(finding.Severity)} {finding.Code} ({finding.Count}): {finding.Message}", style);
        foreach (var example in finding.Examples)
        {
            console.WriteLine($"  {example}");
        }
    }
}
