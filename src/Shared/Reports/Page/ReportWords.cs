using System.Globalization;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Page;

/// <summary>One thing that is to be known, by name.</summary>
internal sealed record Fact(string Name, string Value);

/// <summary>A measure, and what its value means in words.</summary>
internal sealed record Measure(string Name, string Value, string Meaning);

/// <summary>What pages and texts say of a report in the same words.</summary>
internal static class ReportWords
{
    /// <summary>How the figures are to be read.</summary>
    public static string Figures(MetricReport report) =>
        "mAP (trapezoidal) is the definition of the Market-1501 and MARS tools, mAP (standard) the mean of the precision at each hit, mINP the precision at the last hit; "
        + "rank-k is the share of queries with a match among the first k."
        + AcrossModalities(MeasuringTerms.EvaluationOf(report.Spec))
        + (report.Settings.Any(metrics => metrics.Intervals is not null) ? " Ranges hold 95 % of a bootstrap over queries." : "")
        + (report.Against is { Differences.Count: > 0 } || report.Peers.Any(peer => peer.Differences.Count > 0)
            ? " Differences are in percentage points, query by query on the same queries; p is how likely chance alone brings at least as large a one (two-sided sign-flip test)."
            : "");

    /// <summary>By how much the figures differ between the galleries that were drawn; null where there was one, or none was drawn.</summary>
    public static string? Spread(SettingMetrics metrics) => metrics.Trials is not { Trials: > 1 } trials ? null
        : $"means over {Amounts.Count(trials.Trials)} drawn galleries, ± the standard deviation between them: "
            + string.Join(", ", new (string Title, double Mean, double? Deviation)[]
            {
                ("mAP (standard)", metrics.MapStandard, trials.MapStandard), ("mINP", metrics.Minp, trials.Minp),
                ("rank-1", metrics.Rank1, trials.Rank1), ("rank-5", metrics.Rank5, trials.Rank5), ("rank-10", metrics.Rank10, trials.Rank10),
            }.Select(figure => $"{figure.Title} {Amounts.Percent(figure.Mean)} ± {Amounts.Percent(figure.Deviation ?? 0)}")) + ".";

    private static string AcrossModalities(EvaluationSpec? evaluation) => evaluation?.Protocol switch
    {
        RetrievalProtocol.SysuMm01 when (evaluation.GalleryTrials ?? new GalleryTrialsSpec()) is var trials => string.Create(
            CultureInfo.InvariantCulture,
            $" By SYSU-MM01's protocol figures are means over {trials.Trials} drawn {(trials.Trials == 1 ? "gallery" : "galleries")}, the plain ones those of {RetrievalTitle.Of(new DrawnGallery(trials.Searches[0], trials.Shots[0]))}; rank-k counts identities, each by its nearest image. Rank lists and camera pairs are of the whole gallery."),
        RetrievalProtocol.CrossModality => " The plain figures are of all queries in the whole gallery; 'gallery to queries' is the other direction.",
        _ => "",
    };

    /// <summary>What the usual curve is called beside those by other definitions.</summary>
    public const string UsualCurve = "usual";

    public const string CurveDefinitions =
        "The usual curve counts the first match among all images of the gallery, without those of the query's identity by the query's own camera. A cross-camera gallery leaves out every image of the "
        + "query's camera; single shot draws one image of each identity, again and again, and takes the mean; where every match counts by its share, a query with several matches is found in parts.";

    public const string Verification =
        "Pairs of a query and a gallery item as a verifier sees them: at a distance that takes this share of pairs of different identities for equal (false positives), so many pairs of the same "
        + "identity are told (true positives). What is junk in ranking is left out here, too.";

    public const string Peers =
        "The peers learned together, from the same initial weights and batches; they differ in what is drawn at random. Which of them will be ahead is not known beforehand, so the first one is the result, "
        + "whatever the others reach.";

    public static string Published(PublishedBeside beside) =>
        $"The run's request is that of preset {beside.Preset.Name} ({beside.Preset.Source}). What was published is one training's figure on {beside.Preset.Spec.Dataset}, without error bars: "
        + "whether this run's data are the same is not known here.";

    /// <summary>Of other definitions tables show these.</summary>
    public static readonly IReadOnlyList<int> CurveRanks = [1, 5, 10, 20];

    /// <summary>What must be known of other ways of searching than the plain one; null where there are none.</summary>
    public static string? Ways(RunSpec spec, IEnumerable<SettingMetrics> ways)
    {
        var (variants, evaluation) = (ways.Select(way => way.Variant).OfType<RetrievalVariant>().ToList(), MeasuringTerms.EvaluationOf(spec));
        IReadOnlyList<string> words =
        [
            .. Sentence(variants.Exists(way => way.Distance != RetrievalDistance.Global), "Local distance: the shortest path through the distances of the stripes of two images; combined: its sum with the global one."),
            .. Sentence(variants.Exists(way => way.MultiQuery), "Multi-query: all images of an identity by one camera are one query, so there are fewer of them."),
            .. Sentence(variants.Exists(way => way.QueryExpansion), $"Expanded: each feature is the mean of its {evaluation?.QueryExpansion?.Neighbors.ToString(CultureInfo.InvariantCulture) ?? ""} nearest ones among queries and gallery.".Replace("  ", " ", StringComparison.Ordinal)),
            .. Sentence(variants.Exists(way => way.ReRanked), $"Re-ranked: by k-reciprocal neighbors{(evaluation?.ReRanking is { } by ? FormattableString.Invariant($" (k1 {by.K1}, k2 {by.K2}, λ {by.Lambda})") : "")}."),
            .. Sentence(variants.Exists(way => way.ReRanked || way.QueryExpansion), "Both look at all queries and the whole gallery before they answer one: compare such figures only with those that came about likewise."),
        ];
        return words.Count == 0 ? null : string.Join(" ", words);

        static string[] Sentence(bool isSo, string words) => isSo ? [words] : [];
    }

    /// <summary>Who is compared with whom among peers, in words, and the paired differences of the two.</summary>
    public static IEnumerable<(string Title, IReadOnlyList<PairedDifference> Differences)> PeerDifferences(MetricReport report)
    {
        var titles = ModelTitles.Of(report.Spec);
        return
        [
            .. report.Peers.Select(peer => ($"{titles.First} minus {RetrievalTitle.OfPeer(peer.Peer)}", peer.Differences)),
            .. report.Against is { } against ? [($"{titles.First} minus {titles.Second}", against.Differences)] : Array.Empty<(string, IReadOnlyList<PairedDifference>)>(),
            .. report.Peers.Select(peer => ($"{RetrievalTitle.OfPeer(peer.Peer)} minus {titles.Second}", peer.AgainstDifferences)),
        ];
    }

    public static string HealthTitle(RunSpec spec) => spec is TrainSpec { Method: ViewDistillationSpec } ? "Health of the distillation" : "How alike the two models are";

    public static IReadOnlyList<Measure> Health(DistillationHealth health, ModelTitles titles) =>
    [
        new("rank correlation", health.RankCorrelation.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture), $"Both put the gallery in {Order(health.RankCorrelation)} (Spearman's, mean over queries; 1 is the same order, 0 none in common)."),
        new("neighbor overlap", Amounts.Percent(health.NeighborOverlap), $"Of the first {Amounts.Count(health.Neighbors)} answers, {Amounts.Number(health.NeighborOverlap * health.Neighbors)} are the same for both, on average."),
        .. health.LogitDivergence is { } nats
            ? [new Measure("logit KL", $"{Amounts.Number(nats)} nats", $"The class scores of {titles.First} and {titles.Second} {Scores(nats)} (KL({titles.Second} ‖ {titles.First}) at temperature 1, mean over images; 0 is equal).")]
            : Array.Empty<Measure>(),
    ];

    public static IReadOnlyList<Fact> Cost(MetricReport report)
    {
        var cost = report.Cost;
        return
        [
            new("time of the attempt that succeeded", Amounts.Duration(cost.Seconds)),
            .. Some(cost.AllSeconds > 0, "time of all attempts", () => report.Lineage.Attempts > 0 ? $"{Amounts.Duration(cost.AllSeconds)} in {Amounts.Count(report.Lineage.Attempts)} {(report.Lineage.Attempts == 1 ? "attempt" : "attempts")}" : Amounts.Duration(cost.AllSeconds)),
            .. Some(cost.AllSeconds > 0, "of it done again after interruptions", () => cost.RedoneSeconds > 0 ? $"{Amounts.Duration(cost.RedoneSeconds)} ({Amounts.Percent(cost.RedoneSeconds / cost.AllSeconds)})" : "none"),
            .. Some(report.Spec is TrainSpec, "pace", () => $"{Amounts.Number(cost.TrainingImagesPerSecond)} training images per second"),
            .. Some(cost.PeakMemoryBytes > 0, "memory", () => $"{Amounts.Bytes(cost.PeakMemoryBytes)} at most"),
        ];
    }

    public static IReadOnlyList<Fact> Lineage(MetricReport report)
    {
        var lineage = report.Lineage;
        return
        [
            new("run", report.Run),
            new("data set", $"{report.Spec.Dataset}, content {lineage.DatasetHash}"),
            .. Some(lineage.TrainedOnDatasetHash is { } trained && trained != lineage.DatasetHash, "trained on", () => $"another data set, content {lineage.TrainedOnDatasetHash}"),
            .. lineage.Parents.Select(parent => new Fact(parent.Role, $"{parent.Checkpoint}, SHA-256 {parent.CheckpointSha256}")),
            .. Some(report.Spec is TrainSpec, "result", () => $"SHA-256 {lineage.CheckpointSha256}"),
            new("seed", System.FormattableString.Invariant($"{report.Spec.Seed}{(report.Spec.Repeat > 0 ? $", repeat {report.Spec.Repeat}" : "")}")),
            new("software", $"ReidCloud {lineage.ProductVersion}, libtorch {lineage.TorchVersion}, {lineage.Runtime}"),
            new("hardware", $"{lineage.Device}, {Amounts.Count(lineage.Threads)} {(lineage.Threads == 1 ? "thread" : "threads")}, {lineage.Machine}"),
        ];
    }

    public static readonly IReadOnlyList<string> KnownCamerasHead = ["setting", "queries of", "searched in the gallery of", "queries", "mAP (standard)", "rank-1"];

    public const string KnownCamerasMeaning =
        "Known cameras are those that the training saw, new ones all others: of the same data set, or of another. Each row ranks its queries in that part of the gallery alone, so the rows compare with one another, not with "
        + "the figures above.";

    public static IEnumerable<IReadOnlyList<string>> KnownCameras(MetricReport report) => report.KnownCameras.Select(figures => (IReadOnlyList<string>)
    [
        RetrievalTitle.Of(figures.Setting, null), Cameras(figures.QueryKnown), Cameras(figures.GalleryKnown),
        Amounts.Count(figures.Queries), Amounts.Percent(figures.MapStandard), Amounts.Percent(figures.Rank1),
    ]);

    public const string CameraStatisticsTitle = "Statistics of each camera";

    /// <summary>Of how many cameras tables tell.</summary>
    private const int MostCameras = 40;

    public static IReadOnlyList<string> CameraStatisticsHead(MetricReport report) => ["camera", .. report.CameraStatistics.Select(basis => basis.Items).Distinct()];

    /// <summary>A row for each camera, a column for each set of items.</summary>
    public static IEnumerable<IReadOnlyList<string>> CameraStatistics(MetricReport report)
    {
        List<string> sets = [.. report.CameraStatistics.Select(basis => basis.Items).Distinct()];
        return report.CameraStatistics.GroupBy(basis => basis.Camera).Take(MostCameras).Select(camera => (IReadOnlyList<string>)
        [
            camera.Key, .. sets.Select(set => camera.FirstOrDefault(basis => basis.Items == set) is { } basis
                ? $"{Amounts.Count(basis.Batches)} × {Amounts.Count(basis.BatchFrames)} of {Amounts.Count(basis.Frames)}"
                : "–"),
        ]);
    }

    public static string CameraStatisticsMeaning(MetricReport report)
    {
        var more = report.CameraStatistics.Select(basis => basis.Camera).Distinct().Count() - MostCameras;
        return "Before a camera's items were embedded, batch norm gathered its statistics from mini-batches of that camera's frames: batches × frames in each, of all the frames that the camera has there. No labels were used."
            + (more > 0 ? $" {Amounts.Count(more)} more cameras are in {RunFileName.Report}." : "");
    }

    private static string Cameras(bool areKnown) => areKnown ? "known cameras" : "new cameras";

    /// <summary>Runs it again and says whether the same comes out.</summary>
    public static string Command(MetricReport report) => $"./reid reproduce {report.Run}";

    private static string Order(double correlation) => correlation switch
    {
        >= 0.95 => "almost the same order",
        >= 0.8 => "much the same order",
        >= 0.5 => "a similar order",
        >= 0.2 => "orders that have something in common",
        _ => "orders that have next to nothing in common",
    };

    private static string Scores(double nats) => nats switch
    {
        < 0.05 => "are almost the same",
        < 0.3 => "are close",
        < 1 => "differ clearly",
        _ => "differ greatly",
    };

    private static IReadOnlyList<Fact> Some(bool known, string name, Func<string> value) => known ? [new Fact(name, value())] : [];
}
