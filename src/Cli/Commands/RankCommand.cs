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
        var normalize = new Option<bool>("--normalize-features") { Description = "Divide embeddings by their length before Euclidean distances" };
        var reRanking = new Option<bool>("--re-ranking") { Description = "Measure with k-reciprocal re-ranking, too, and rank by it" };
        var k1 = new Option<int?>("--k1") { Description = "Of re-ranking, how many neighbors are compared. Default: 20" };
        var k2 = new Option<int?>("--k2") { Description = "Of re-ranking, of how many neighbors the mean stands for one. Default: 6" };
        var lambda = new Option<double?>("--lambda") { Description = "Of re-ranking, the original distance's share. Default: 0.3" };
        var expansion = new Option<int?>("--query-expansion")
        {
            HelpName = "neighbors",
            Description = "Measure with features that are means over so many most similar ones, too, and rank by them",
        };
        var rates = Arguments.List(
            "--false-positive-rates",
            "Also measure how many pairs of one identity are told while this fraction of other pairs is taken for one (ROC)",
            "1e-3,1e-2",
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? rate : (double?)null,
            "a fraction, such as 0.001");
        var ids = new Option<string?>("--ids")
        {
            HelpName = "file",
            Description = "A table name,identity[,camera][,time] of all items, without cameras for --protocol camera-less. Default: names that are all as Market-1501's say it themselves (0002_c1s1_000451_03.jpg)",
        };
        var top = new Option<int>("--top") { HelpName = "k", Description = "How many of the nearest are listed for each query", DefaultValueFactory = _ => 10 };
        var output = new Option<string?>("--output", "-o") { HelpName = "file.csv", Description = "Write the ranking as a table query,rank,item,distance and, where it is known, match" };
        var command = new Command("rank", "Rank a gallery for each query, and measure it where it is known who is who; on this machine and without any service")
        {
            query, gallery, metric, normalize, protocol, ids, reRanking, k1, k2, lambda, expansion, rates, top, output, shell.Json,
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

            if (!parse.GetValue(reRanking) && new Option[] { k1, k2, lambda }.FirstOrDefault(option => parse.GetResult(option) is not null) is { } idle)
            {
                throw CommandException.Mistake($"{idle.Name} has no effect without --re-ranking", "add --re-ranking, or leave it out");
            }

            var way = parse.GetValue(protocol);
            if (way.IsAcrossModalities())
            {
                throw CommandException.Mistake(
                    $"--protocol {NameConverterFactory.NameOf(way)} needs the data set's cameras and modalities", "`reid evaluate` measures by it; cross-camera ranks files of embeddings");
            }

            var usual = new ReRankingSpec();
            var evaluation = new EvaluationSpec
            {
                Settings = [RetrievalSetting.ImageToImage],
                Metric = parse.GetValue(metric),
                NormalizeFeatures = parse.GetValue(normalize),
                Protocol = way,
                ReRanking = parse.GetValue(reRanking)
                    ? new ReRankingSpec(parse.GetValue(k1) ?? usual.K1, parse.GetValue(k2) ?? usual.K2, parse.GetValue(lambda) ?? usual.Lambda)
                    : null,
                QueryExpansion = parse.GetValue(expansion) is { } neighbors ? new QueryExpansionSpec(neighbors) : null,
                FalsePositiveRates = parse.GetValue(rates) ?? [],
            };
            EvaluationRules.Require(evaluation);
            var (queryFile, galleryFile) = (parse.GetRequiredValue(query), parse.GetRequiredValue(gallery));
            var (queries, searched, sightings) = Items(EmbeddingFile.Read(queryFile), queryFile, EmbeddingFile.Read(galleryFile), galleryFile, parse.GetValue(ids), way);
            if (sightings is null && parse.GetValue(rates) is { Length: > 0 })
            {
                throw CommandException.Mistake("--false-positive-rates needs to know who is who", "--ids FILE says it");
            }

            var ranking = LocalRanking.Of(queries, searched, sightings, evaluation, most, cancellationToken);
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

        if (protocol != RetrievalProtocol.CameraLess && table?.HasCameras == false)
        {
            throw CommandException.Mistake(
                "the table of --ids does not say which camera saw an item", "--protocol camera-less measures without cameras; or add a column 'camera'");
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
        if (ranking.Metrics is { } settings)
        {
            ReportTables.WriteSettings(console, settings);
            foreach (var point in settings.SelectMany(metrics => metrics.Roc.Select(point => (metrics.Name, point))))
            {
                console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{point.Name}: TPR {point.point.TruePositiveRate:P2} at FPR {point.point.FalsePositiveRate}"));
            }

            if (settings is [{ } metrics, ..] && metrics.QueriesWithMatch < metrics.Queries)
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
