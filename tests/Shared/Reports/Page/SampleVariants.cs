using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Reports.Page;

/// <summary>Reports that might have been, of searches in many ways: the published figures of AlignedReID on Market-1501 with invented error bars around them.</summary>
internal static class SampleVariants
{
    private static readonly string Hash = string.Concat(Enumerable.Repeat("5e0c41a7", 8));
    private static readonly CheckpointRef Alone = new("9b1fd0c3a24e57f6e801");

    private static readonly RetrievalVariant?[] Ways =
    [
        null,
        new() { ReRanked = true },
        new() { QueryExpansion = true },
        new() { Distance = RetrievalDistance.Local },
        new() { Distance = RetrievalDistance.Local, ReRanked = true },
        new() { Distance = RetrievalDistance.Combined },
        new() { Distance = RetrievalDistance.Combined, ReRanked = true },
        new() { MultiQuery = true },
    ];

    private static readonly double[] Alones = [0.7174, 0.8579, 0.7421, 0.7225, 0.8707, 0.7334, 0.8706, 0.7911];
    private static readonly double[] Firsts = [0.7502, 0.8800, 0.7713, 0.7274, 0.8769, 0.7518, 0.8830, 0.8204];
    private static readonly double[] Seconds = [0.7537, 0.8817, 0.7741, 0.7292, 0.8792, 0.7536, 0.8852, 0.8231];

    private static readonly CmcSpec[] Definitions = [new(true, true, false), new(false, false, false)];

    /// <summary>Two peers beside a network that was trained alone, by global, local and combined distances, expanded, re-ranked and with several images a query.</summary>
    public static (MetricReport Report, ReportInsights Insights) Mutual()
    {
        var (first, second, alone) = (All(Firsts), All(Seconds), All(Alones));
        var report = new MetricReport(
            "6be45d6088123f0a91c2",
            new TrainSpec("market1501", new ModelSpec(BackboneName.ResNet50) { Local = new LocalBranchSpec() }, new MutualLearningSpec { Alone = Alone })
            {
                Epochs = 300,
                Evaluation = new EvaluationSpec
                {
                    Settings = [RetrievalSetting.ImageToImage],
                    Distances = [RetrievalDistance.Global, RetrievalDistance.Local, RetrievalDistance.Combined],
                    ReRanking = new ReRankingSpec(),
                    QueryExpansion = new QueryExpansionSpec(),
                    MultiQuery = MultiQueryPooling.Average,
                    Cmc = Definitions,
                    FalsePositiveRates = [1e-4, 1e-3, 1e-2, 1e-1],
                },
            },
            first,
            new Lineage(Hash, [new ParentLineage("alone", Alone, Hash)], Hash, "0.1.0+e9d8d5d", "2.10.0", "cuda:0 (NVIDIA H100)", 16, "runner-7c9f", ".NET 10.0.0") { Attempts = 1, TrainedOnDatasetHash = Hash },
            new RunCost(10_512, 351.2, 21L << 30))
        {
            Against = new MeasuredModel(Alone, alone) { Differences = Minus(first, alone, 0.0001) },
            Peers = [new PeerFigures(2, second) { Differences = Minus(first, second, 0.371), AgainstDifferences = Minus(second, alone, 0.0001) }],
        };
        return (report, new ReportInsights(new DatasetFacts("market1501", "market-1501", Hash, [new SplitFacts("train", 751, 6, 12_936, 12_936, 0), new SplitFacts("query", 750, 6, 3368, 3368, 0), new SplitFacts("gallery", 751, 6, 15_913, 15_913, 2798)], [])));
    }

    /// <summary>Photographs of which nobody knows the camera, searched among by a network of another data set.</summary>
    public static (MetricReport Report, ReportInsights Insights) CameraLess()
    {
        var (report, insights) = Mutual();
        return (report with
        {
            Spec = new EvaluateSpec("shop", new CheckpointRef(report.Run) { Peer = 2 }) { Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Protocol = RetrievalProtocol.CameraLess, ReRanking = new ReRankingSpec(30, 6, 0.2) } },
            Settings = [.. report.Settings.Take(2)],
            Against = null,
            Peers = [],
        }, insights with { Dataset = insights.Dataset with { Name = "shop", Layout = "csv" } });
    }

    /// <summary>Infrared queries in drawn galleries of visible images, by the published figures of MVD on SYSU-MM01.</summary>
    public static (MetricReport Report, ReportInsights Insights) Infrared()
    {
        var (report, insights) = Mutual();
        SettingMetrics Of(DrawnGallery? gallery, int items, double map, double spread) => Figures(gallery is null ? null : new RetrievalVariant { Gallery = gallery }, map) with
        {
            Queries = 3803,
            QueriesWithMatch = gallery?.Search == GallerySearch.IndoorSearch ? 2208 : 3803,
            Gallery = items,
            Curves = [],
            Roc = [],
            Trials = new TrialSpread(10) { MapStandard = spread, MapTrapezoidal = spread, Minp = spread / 2, Rank1 = spread * 1.5, Rank5 = spread, Rank10 = spread / 2 },
        };
        return (report with
        {
            Spec = new EvaluateSpec("sysu", new CheckpointRef(report.Run) { Peer = 2 }) { Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Protocol = RetrievalProtocol.SysuMm01 } },
            Settings =
            [
                Of(null, 301, 0.588, 0.0112), Of(new(GallerySearch.AllSearch, 10), 3010, 0.521, 0.0052), Of(new(GallerySearch.IndoorSearch, 1), 112, 0.7298, 0.0173),
                Of(new(GallerySearch.IndoorSearch, 10), 1120, 0.646, 0.0084),
            ],
            ModalityBias = new ModalityBias(5290, 5288, 0.8312),
            Against = null,
            Peers = [],
        }, insights with { Dataset = insights.Dataset with { Name = "sysu", Layout = "sysu-mm01" } });
    }

    /// <summary>Measured on identities that were held back.</summary>
    public static MetricReport Held()
    {
        var report = Mutual().Report;
        return report with { Spec = (TrainSpec)report.Spec with { Validation = new ValidationSpec() }, Against = null, Peers = [], Settings = [report.Settings[0]] };
    }

    private static IReadOnlyList<SettingMetrics> All(double[] maps) => [.. Ways.Zip(maps, (way, map) => Figures(way, map))];

    private static SettingMetrics Figures(RetrievalVariant? way, double map)
    {
        var queries = way is { MultiQuery: true } ? 3122 : 3368;
        var rank1 = Math.Round(map + (0.55 * (1 - map)), 4);
        double[] figures = [rank1, Math.Round((rank1 + 2) / 3, 4), Math.Round((rank1 + 4) / 5, 4), Math.Round(map - 0.004, 4), map, Math.Round(map - 0.31, 4)];
        Interval[] bars = [.. figures.Select(figure => new Interval(Math.Round(figure - 0.0112, 4), Math.Round(Math.Min(1, figure + 0.0104), 4)))];
        return new SettingMetrics(RetrievalSetting.ImageToImage, queries, queries, 15_913, figures[0], figures[1], figures[2], figures[3], figures[4], figures[5])
        {
            Variant = way,
            Cmc = Curve(rank1),
            Intervals = new MetricIntervals(bars[0], bars[1], bars[2], bars[3], bars[4], bars[5]),
            Curves = way is null or { ReRanked: true, Distance: RetrievalDistance.Global } ? [new CmcCurve(Definitions[0], Curve(rank1 - 0.08)), new CmcCurve(Definitions[1], Curve(rank1 - 0.16))] : [],
            Roc = way is { MultiQuery: true } ? [] : [.. new[] { 1e-4, 1e-3, 1e-2, 1e-1 }.Select((rate, i) => new RocPoint(rate, Math.Round(1 - ((1.03 - map) / (1 + (1.4 * i))), 4)))],
        };
    }

    private static IReadOnlyList<double> Curve(double rank1) => [.. Enumerable.Range(1, 50).Select(k => Math.Round(1 - ((1 - rank1) / Math.Pow(k, 0.75)), 4))];

    private static IReadOnlyList<PairedDifference> Minus(IReadOnlyList<SettingMetrics> ours, IReadOnlyList<SettingMetrics> theirs, double p) =>
    [
        .. from pair in ours.Zip(theirs)
           from metric in ReportMetric.All
           let difference = Math.Round(metric.ValueOf(pair.First) - metric.ValueOf(pair.Second), 4)
           select new PairedDifference(pair.First.Setting, metric.Name, difference, new Interval(Math.Round(difference - 0.0051, 4), Math.Round(difference + 0.0049, 4)), p) { Variant = pair.First.Variant },
    ];
}
