using System.Text;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

/// <summary>
/// Trainings that differ in `seed` and `repeat` alone, and what their models reached on each data set; null where none was measured. A model that is measured in two ways, with the statistics of the
/// cameras and without, is in two rows. <see cref="Title"/> says what was trained on which data set, and where rows are called the same, in what they differ.
/// </summary>
public sealed record SeedRow(string Title, IReadOnlyList<CheckpointRef> Models, IReadOnlyList<SeedCellValue?> Cells)
{
    private const int LongestValue = 60;

    internal static IReadOnlyList<SeedRow> Of(IReadOnlyList<MeasuredOn> measured, IReadOnlyList<string> datasets, ReportMetric metric)
    {
        List<List<MeasuredOn>> rows = [.. measured.Where(one => one.Trained is not null).GroupBy(Sameness).Select(group => group.ToList())];
        return rows.All(row => row.DistinctBy(one => one.Model).Count() < 2)
            ? []
            : [.. Titles(rows).Zip(rows, (title, row) => new SeedRow(title, [.. row.Select(one => one.Model).Distinct()], [.. datasets.Select(dataset => Cell(row, dataset, metric))]))];
    }

    private static SeedCellValue? Cell(List<MeasuredOn> row, string dataset, ReportMetric metric)
    {
        // A model that was measured twice counts once, and so does a repeat that came to the very same.
        double[] values = [.. row.Where(one => one.Dataset == dataset).DistinctBy(one => one.Model).DistinctBy(one => (one.Trained!.Seed, Encoding.UTF8.GetString(ReidJson.Write(one.Metrics)))).Select(one => metric.ValueOf(one.Metrics))];
        return values.Length == 0 ? null : new SeedCellValue(values.Length, values.Average()) { Deviation = SeedFigure.DeviationOf(values) };
    }

    private static string Sameness(MeasuredOn one) =>
        $"{Encoding.UTF8.GetString(ReidJson.Canonical(Seedless(one)))}\n{one.Model.Peer}\n{Encoding.UTF8.GetString(ReidJson.Write(Embedding(one.Evaluation)))}";

    private static TrainSpec Seedless(MeasuredOn one) => one.Trained! with { Seed = 0, Repeat = 0, Limits = new LimitsSpec() };

    /// <summary>What of a measurement is about the model; the protocol is the data set's.</summary>
    private static EvaluationSpec Embedding(EvaluationSpec? evaluation) => (evaluation ?? new EvaluationSpec()) with
    {
        Settings = [], Distances = [], Cmc = [], FalsePositiveRates = [], ReRanking = null, QueryExpansion = null, MultiQuery = null, EveryEpochs = 0,
        Protocol = default, GalleryIncludesQueries = false, GalleryImages = default, Frames = 0,
    };

    private static IEnumerable<string> Titles(List<List<MeasuredOn>> rows)
    {
        string Plain(List<MeasuredOn> row) => ComparedRun.SeedlessTitle(row[0].Trained!) + (row[0].Model.Peer is { } peer ? $", {RetrievalTitle.OfPeer(peer)}" : "");
        var alike = rows.ToLookup(Plain);
        return rows.Select(row =>
        {
            List<List<MeasuredOn>> same = [.. alike[Plain(row)]];
            var at = same.IndexOf(row);
            IReadOnlyList<ComparedPlace> places =
            [
                .. ComparedPlace.OfSpecs([.. same.Select(other => (RunSpec)(Seedless(other[0]) with { Evaluation = new EvaluationSpec() }))]),
                .. ComparedPlace.OfEvaluations([.. same.Select(other => Embedding(other[0].Evaluation))]),
            ];
            return string.Join(", ", [Plain(row), .. places.Select(place => $"{place.Path[2..]} {Datasets.ForeignText.Short(place.Values[at] ?? "absent", LongestValue)}")]);
        });
    }
}

/// <summary>A figure over models: how many, their mean, and their sample standard deviation (by n − 1), null of a single one.</summary>
public sealed record SeedCellValue(int Count, double Mean)
{
    public double? Deviation { get; init; }
}
