using System.Globalization;
using ReidCloud.Cli.Progress;
using ReidCloud.Specs;
using ReidCloud.Weights;
using Spectre.Console;

namespace ReidCloud.Cli.Display;

/// <summary>Which weights there are, what each is, and how its file fitted the network.</summary>
internal static class WeightsText
{
    private const int MostNamed = 6;

    public static void Write(IAnsiConsole console, WeightsView weights)
    {
        console.WriteLine(
            $"Weights {weights.Name}: {NameConverterFactory.NameOf(weights.Model.Backbone)}, {(weights.Identities is { } identities ? $"{identities} identities" : "no head")}");
        console.WriteLine($"  file       {weights.File}, {NameConverterFactory.NameOf(weights.Format)}, {Words.Bytes(weights.Length)}");
        console.WriteLine($"  SHA-256    {weights.Sha256}");
        if (weights.Model != new ModelSpec(weights.Model.Backbone))
        {
            console.WriteLine($"  network    {string.Join(", ", Parts(weights.Model))}");
        }

        console.WriteLine($"  matched    {weights.Matched} tensors");
        var entries = NetworkEntries.Of(weights.Model).ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        foreach (var group in weights.Missing.GroupBy(name => WhatBecomesOf(entries[name])))
        {
            console.WriteLine($"  missing    {group.Count()}: {group.Key}");
        }

        if (weights.LeftOver.Count > 0)
        {
            console.WriteLine($"  left over  {weights.LeftOver.Count + weights.MoreLeftOver}: {Some(weights.LeftOver, weights.MoreLeftOver)}");
        }

        foreach (var note in weights.Notes)
        {
            console.WriteLine($"  note       {note}");
        }
    }

    /// <summary>One line per name.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<WeightsSummary> weights)
    {
        if (weights.Count == 0)
        {
            console.WriteLine("No weights. `./reid weights push FILE --name NAME` makes some.");
            return;
        }

        var table = new WideTable(1, ["weights", "backbone", "identities", "size", "pushed"]);
        foreach (var summary in weights)
        {
            table.AddRow(
                summary.Name,
                NameConverterFactory.NameOf(summary.Model.Backbone),
                summary.Identities?.ToString(CultureInfo.InvariantCulture) ?? "no head",
                Words.Bytes(summary.Length),
                summary.PushedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }

    /// <summary>What it is beside its backbone.</summary>
    private static IEnumerable<string> Parts(ModelSpec model)
    {
        yield return $"last stride {model.LastStride}";
        yield return model.FinalRelu ? "final ReLU" : "no final ReLU";
        yield return model.Neck switch
        {
            NeckName.BatchNorm => "a batch norm for a neck",
            NeckName.None => "no neck",
        };
        if (model.Pooling == PoolingName.GeneralizedMean)
        {
            yield return "generalised-mean pooling";
        }

        if (model.MultiView is { } views)
        {
            yield return $"three branches in the style of {NameConverterFactory.NameOf(views.Style)}, bottlenecks of {views.BottleneckDim} numbers";
        }

        if (model.Local is { } local)
        {
            yield return $"a local branch of {local.Channels} numbers a stripe";
        }
    }

    private static string WhatBecomesOf(NetworkEntry entry) => entry switch
    {
        { Part: NetworkPart.Head } => "the head, which starts afresh",
        { Part: NetworkPart.Attention } => "attention modules, which start at random as in the paper",
        _ => "counters of batches, which start at 0",
    };

    private static string Some(IReadOnlyList<string> names, int more) => string.Join(", ", names.Take(MostNamed))
        + (names.Count > MostNamed ? $" and {names.Count - MostNamed + more} more (--json lists {(more > 0 ? $"the first {names.Count}" : "all")})" : "");
}
