using System.CommandLine;
using System.Globalization;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Offline;
using ReidCloud.Cli.Progress;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid rank --query FILE --gallery FILE`: embeddings in, ranking and figures out, on this machine and without any service.</summary>
internal static class RankCommand
{
    private const int MostListed = 1000;
    private const int QueriesShown = 5;

    public static Command Create(Shell shell)
    {
        var query = new Option<string>("--query") { HelpName = "file", Description = $"Embeddings to search for, as `embed` writes them: {string.Join(", ", EmbeddingFile.Endings)}", Required = true };
        var gallery = new Option<string>("--gallery") { HelpName = "file", Description = "Embeddings to search in", Required = true };
        var metric = Arguments.Named<DistanceMetric>("--metric", "How distances are measured");
        var protocol = Arguments.Named<RetrievalProtocol>("--protocol", "Which answers count");
        var ids = new Option<string?>("--ids")
        {
            HelpName = "file",
            Description = "A table name,identity,camera[,time] of all items. Default: names that are all as Market-1501's say it themselves (0002_c1s1_000451_03.jpg)",
        };
        var top = new Option<int>("--top") { HelpName = "k", Description = "How many of the nearest are listed for each query", DefaultValueFactory = _ => 10 };
        var output = new Option<string?>("--output", "-o") { HelpName = "file.csv", Description = "Write the ranking as a table query,rank,item,distance and, where it is known, match" };
        var command = new Command("rank", "Rank a gallery for each query, and measure it where it is known who is who; on this machine and without any service")
        {
            query, gallery, metric, protocol, ids, top, output, shell.Json,
        };
        command.SetAction((parse, cancellationToken) =>
        {
            var most = parse.GetValue(top);
            if (most is < 1 or > MostListed)
            {
                throw CommandException.Mistake(string.Create(CultureInfo.InvariantCulture, $"--top is 1 to {MostListed}, was {most}"));
            }

            if (parse.GetValue(output) is { } table)
            {
                Arguments.RequireWritable(table);
            }

            var way = parse.GetValue(protocol);
            var (queryFile, galleryFile) = (parse.GetRequiredValue(query), parse.GetRequiredValue(gallery));
            var (queries, searched, sightings) = Items(EmbeddingFile.Read(queryFile), queryFile, EmbeddingFile.Read(galleryFile), galleryFile, parse.GetValue(ids), way);
            var ranking = LocalRanking.Of(queries, searched, sightings, parse.GetValue(metric), way, most, cancellationToken);
            if (parse.GetValue(output) is { } path)
            {
                using var file = File.Create(path);
                ranking.WriteTable(file);
            }

            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(ranking);
            }
            else
            {
                Show(shell.Terminal, ranking, parse.GetValue(output));
            }

            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    /// <summary>Those that take part, and who they are where that is known.</summary>
    private static (NamedEmbeddings Queries, NamedEmbeddings Gallery, (Sighting[] Queries, Sighting[] Gallery)? Sightings) Items(
        NamedEmbeddings queries, string queryFile, NamedEmbeddings gallery, string galleryFile, string? ids, RetrievalProtocol protocol)
    {
        if (queries.Dimensions != gallery.Dimensions)
        {
            throw CommandException.Mistake(
                $"embeddings of {queryFile} have {queries.Dimensions} numbers, those of {galleryFile} {gallery.Dimensions}", "embed both with the same network");
        }

        var table = ids is not null ? SightingTable.Read(ids) : SightingTable.OfNames([.. queries.Names, .. gallery.Names]);
        if (protocol == RetrievalProtocol.Atrw && table?.HasTimes != true)
        {
            throw CommandException.Mistake("protocol atrw needs to know when each item was seen", "--ids names a table with a column 'time', the number of the frame");
        }

        if (table is null)
        {
            return (queries, gallery, null);
        }

        var (query, known) = Known(queries, table.Of(queries, queryFile));
        var (searched, there) = Known(gallery, table.Of(gallery, galleryFile));
        return (query, searched, (known, there));
    }

    /// <summary>Without junk.</summary>
    private static (NamedEmbeddings Items, Sighting[] Sightings) Known(NamedEmbeddings items, IReadOnlyList<Sighting?> sightings)
    {
        int[] kept = [.. sightings.Index().Where(item => item.Item is not null).Select(item => item.Index)];
        return kept.Length == 0
            ? throw CommandException.Mistake("all items of a file are junk (identity −1)", "name files with items that are somebody's")
            : (items.Only(kept), [.. kept.Select(item => sightings[item]!.Value)]);
    }

    private static void Show(Terminal terminal, LocalRanking ranking, string? file)
    {
        var console = terminal.Out;
        if (ranking.Metrics is { } metrics)
        {
            ReportTables.WriteSettings(console, [metrics]);
            if (metrics.QueriesWithMatch < metrics.Queries)
            {
                console.WriteLine($"{metrics.Queries - metrics.QueriesWithMatch} of {metrics.Queries} queries have no match in the gallery and are left out of the averages.", new Style(Color.Yellow));
            }
        }
        else
        {
            terminal.Say("It is not known who is who, so nothing is measured; --ids FILE says it.");
        }

        if (file is not null)
        {
            console.WriteLine($"{file}: the nearest of {ranking.Gallery} for each of {ranking.Queries} queries");
            return;
        }

        var table = new WideTable(2, ["query", "rank", "item", "distance", .. ranking.Metrics is null ? Array.Empty<string>() : ["match"]]);
        foreach (var found in ranking.Nearest.GroupBy(found => found.Query).Take(QueriesShown).SelectMany(found => found))
        {
            table.AddRow(
                [found.Query, ReportTables.Count(found.Rank), found.Item, Words.Number(found.Distance), .. found.IsMatch is { } match ? [match ? "yes" : "no"] : Array.Empty<string>()]);
        }

        console.Write(table);
        if (ranking.Queries > QueriesShown)
        {
            terminal.Say($"{ranking.Queries - QueriesShown} more queries; --output FILE.csv writes all.");
        }
    }
}
