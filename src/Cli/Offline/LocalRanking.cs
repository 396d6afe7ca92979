using System.Globalization;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Cli.Offline;

/// <summary>What is nearest to a query, <see cref="Rank"/> from 1; whether it is a match where that is known.</summary>
internal sealed record RankedName(string Query, int Rank, string Item, float Distance)
{
    public bool? IsMatch { get; init; }
}

/// <summary>A ranking of a gallery for each query, as far as was asked, and the figures where it is known who is who.</summary>
internal sealed record LocalRanking(int Queries, int Gallery, IReadOnlyList<RankedName> Nearest)
{
    /// <summary>Where resampling for the error bars begins.</summary>
    private const long Seed = 1;

    /// <summary>Of each form that was asked for, the plain one first; null where it is not known who is who.</summary>
    public IReadOnlyList<SettingMetrics>? Metrics { get; init; }

    /// <param name="sightings">Who is who, or null where that is not known: then nothing is junk and nothing is measured.</param>
    /// <param name="evaluation">How distances are measured, which answers count, and what is counted: the last of its forms is the one that ranks.</param>
    /// <param name="most">How many of each query's nearest are listed.</param>
    public static LocalRanking Of(
        NamedEmbeddings queries, NamedEmbeddings gallery, (Sighting[] Queries, Sighting[] Gallery)? sightings, EvaluationSpec evaluation, int most, CancellationToken stop)
    {
        var nobody = new Sighting(Tracklet.Distractor, 0, 0);
        using var query = Set(queries, sightings?.Queries ?? [.. queries.Names.Select(_ => nobody)]);
        using var searched = Set(gallery, sightings?.Gallery ?? [.. gallery.Names.Select(_ => nobody)]);
        var nearest = new List<RankedName>();
        var row = 0;
        void Keep(ReadOnlyMemory<float> rows_QG)
        {
            for (var first = 0; first < rows_QG.Length; first += gallery.Names.Count, row++)
            {
                var distances = rows_QG.Span.Slice(first, gallery.Names.Count);
                var at = row;
                var there = sightings is null ? null : new Func<int, bool>(item => !searched.Sightings[item].IsJunkFor(query.Sightings[at], evaluation.Protocol));
                foreach (var (rank, item) in FirstOf(distances, there, most).Index())
                {
                    nearest.Add(new RankedName(queries.Names[row], rank + 1, gallery.Names[item], distances[item])
                    {
                        IsMatch = sightings is null ? null : searched.Sightings[item].Matches(query.Sightings[row], evaluation.Protocol),
                    });
                }
            }
        }

        var retrieval = new Retrieval(evaluation, Seed);
        using var searches = new SettingSearches(evaluation, CPU, query, searched, furtherImages: null, beat: null, stop);
        var forms = RetrievalForms.Of(evaluation, RetrievalSetting.ImageToImage);
        List<SettingMetrics> metrics =
        [
            .. forms.Select((form, i) => searches.Do(
                form, search => retrieval.Measure(RetrievalSetting.ImageToImage, form, search, i == forms.Count - 1 ? Keep : null, stop).Metrics)),
        ];
        return new LocalRanking(queries.Names.Count, gallery.Names.Count, nearest) { Metrics = sightings is null ? null : metrics };
    }

    /// <summary>A table `query,rank,item,distance[,match]`.</summary>
    public void WriteTable(Stream stream)
    {
        using var text = TableText.Open(stream);
        text.WriteLine($"query,rank,item,distance{(Metrics is null ? "" : ",match")}");
        foreach (var found in Nearest)
        {
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{TableText.Field(found.Query)},{found.Rank},{TableText.Field(found.Item)},{found.Distance:R}{(found.IsMatch is { } match ? match ? ",yes" : ",no" : "")}"));
        }
    }

    /// <summary>The nearest that take part; of equally near ones the first, as in the figures.</summary>
    private static int[] FirstOf(ReadOnlySpan<float> distances, Func<int, bool>? takesPart, int most)
    {
        var items = new List<(float Distance, int Item)>(distances.Length);
        for (var item = 0; item < distances.Length; item++)
        {
            if (takesPart?.Invoke(item) ?? true)
            {
                items.Add((distances[item], item));
            }
        }

        return [.. items.Order().Take(most).Select(item => item.Item)];
    }

    private static EmbeddingSet Set(NamedEmbeddings named, Sighting[] sightings) => new(tensor(named.Values_ND, [named.Names.Count, named.Dimensions]), sightings);
}
