using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ReidCloud.Cli.Synth;
using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Specs;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.Tests.Shared.Reports.Page;

/// <summary>Reports that might have been: figures that hang together, and pictures of people who walk.</summary>
internal sealed class SampleReports
{
    public const string Run = "3f0a91c27be45d608812";
    private static readonly CheckpointRef Teacher = new("9b1fd0c3a24e57f6e801");
    private static readonly string Hash = string.Concat(Enumerable.Repeat("5e0c41a7", 8));
    private static readonly string[] LossNames = ["batch-hard-triplet", "cross-entropy", "distance-preservation", "logit-distillation", "total"];

    private static readonly ConcurrentDictionary<(int Person, int Camera, int Frame), Picture> Walkers = new();
    private static readonly Lazy<(MetricReport Report, ReportInsights Insights)> TheStudent = new(() => new SampleReports(1980, 6, 60, 1).Distilled());
    private readonly Random _random = new(5);
    private readonly SynthSpec _people = new("mars", 3, Cameras: 6, Width: 64, Height: 128);
    private readonly SynthRenderer _renderer;
    private readonly int _queries;
    private readonly int _cameras;
    private readonly int _epochs;
    private readonly int _listsOfAKind;

    private SampleReports(int queries, int cameras, int epochs, int listsOfAKind)
    {
        (_queries, _cameras, _epochs, _listsOfAKind) = (queries, cameras, epochs, listsOfAKind);
        _renderer = new SynthRenderer(_people);
    }

    /// <summary>A student of MARS beside its teacher, with all that can be measured.</summary>
    public static (MetricReport Report, ReportInsights Insights) Student() => TheStudent.Value;

    /// <summary>As much as the largest public set (MSMT17) and a long training bring.</summary>
    public static (MetricReport Report, ReportInsights Insights) Largest() => new SampleReports(11_659, 15, 1000, 8).Distilled();

    /// <summary>A training of one epoch without a teacher, an unsplit data set, and nothing known but its figures.</summary>
    public static (MetricReport Report, ReportInsights Insights) Plain()
    {
        var spec = new TrainSpec("tiny", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec()) { Epochs = 1 };
        return (new MetricReport(Run, spec, [Figures(RetrievalSetting.ImageToVideo, 0.5, 40, intervals: false)], LineageOf([]), new RunCost(61, 12.5, 3L << 30))
        {
            Losses = [new EpochLosses(1, 1e-4, new Dictionary<string, double> { ["cross-entropy"] = 2.5, ["total"] = 2.5 })],
        }, new ReportInsights(new DatasetFacts("tiny", "mars", Hash, [], [])));
    }

    /// <summary>Nothing is measured where maps are drawn.</summary>
    public static (MetricReport Report, ReportInsights Insights) Explained() => (
        new MetricReport(Run, new ExplainSpec("mars", Teacher) { Against = CheckpointRef.Pushed("vkd-mars-resnet50"), Images = 2 }, [], LineageOf([]), new RunCost(20, 0, 1 << 30))
        {
            Files = [new RunFile("sheet.png", "blob", 91_230, Hash), new RunFile("images.json", "blob", 640, Hash)],
        },
        new ReportInsights(new DatasetFacts("mars", "mars", Hash, [], [])));

    /// <summary>Queries that nobody in the gallery answers.</summary>
    public static (MetricReport Report, ReportInsights Insights) Matchless()
    {
        var (report, insights) = Plain();
        return (report with
        {
            Settings = [new SettingMetrics(RetrievalSetting.ImageToVideo, 40, 0, 200, 0, 0, 0, 0, 0, 0) { Cmc = [0, 0, 0] }],
            Losses = [],
            Warnings = ["image-to-video: none of 40 queries has a match in the gallery"],
        }, insights with
        {
            Settings = [new SettingInsights(RetrievalSetting.ImageToVideo) { Queries = [new QueryOutcome("a", "1", "c1", null, null, null, null)], CameraPairs = [new CameraPairMap("c1", "c2", 1, null)] }],
            Map = new EmbeddingMap("pca", RetrievalSetting.ImageToVideo, []),
        });
    }

    private (MetricReport Report, ReportInsights Insights) Distilled()
    {
        IReadOnlyList<SettingMetrics> student = [Figures(RetrievalSetting.ImageToVideo, 0.7721, _queries), Figures(RetrievalSetting.VideoToVideo, 0.8304, _queries)];
        IReadOnlyList<SettingMetrics> teacher = [Figures(RetrievalSetting.ImageToVideo, 0.7335, _queries), Figures(RetrievalSetting.VideoToVideo, 0.8281, _queries)];
        var report = new MetricReport(
            Run,
            new TrainSpec("mars", new ModelSpec(BackboneName.ResNet50), new ViewDistillationSpec(Teacher)) { Epochs = _epochs, Evaluation = new EvaluationSpec { EveryEpochs = _epochs / 6 } },
            student,
            LineageOf([new ParentLineage("teacher", Teacher, Hash)]),
            new RunCost(5312, 186.4, 11L << 30) { AllSeconds = 6020, RedoneSeconds = 212 })
        {
            Losses = [.. Enumerable.Range(1, _epochs).Select(Epoch)],
            History = [.. Enumerable.Range(1, 5).Select(i => new EpochMetrics(i * (_epochs / 6), [Figures(RetrievalSetting.ImageToVideo, 0.77 - (0.3 / (i + 0.4)), _queries), Figures(RetrievalSetting.VideoToVideo, 0.83 - (0.3 / (i + 0.4)), _queries)]))],
            Warnings = [$"image-to-video: 140 of {_queries} queries have no match in the gallery and are left out of the averages"],
            GalleryCurve = Curve(0.62, 0.73),
            CameraBias = new CameraBias(_cameras, 5021, 4913, 0.512, 1.0 / _cameras),
            Against = new MeasuredModel(Teacher, teacher)
            {
                Differences = [.. student.Zip(teacher).SelectMany(pair => ReportMetric.All.Select(metric => Difference(metric, pair.First, pair.Second)))],
                GalleryCurve = Curve(0.51, 0.71),
                CameraBias = new CameraBias(_cameras, 5021, 4913, 0.804, 1.0 / _cameras),
            },
            Files = [new RunFile("insights.json", "blob", 2_310_442, Hash), new RunFile("events.out.tfevents.1", "blob", 48_120, Hash)],
        };
        return (report, new ReportInsights(new DatasetFacts(
            "mars", "mars", Hash,
            [new SplitFacts("train", 625, _cameras, 8298, 509_914, 0), new SplitFacts("query", 626, _cameras, _queries, 114_493, 0), new SplitFacts("gallery", 622, _cameras, 9330, 566_573, 3000)],
            [
                new FindingFacts("warning", "identities-without-match", "4 identities of the queries are not in the gallery from another camera: 0017, 0042, 0555, 1203"),
                new FindingFacts("note", "distractors", "3000 tracklets of the gallery show nobody's identity; they stay in it and are never right"),
            ]))
        {
            Settings = [Insights(RetrievalSetting.ImageToVideo), Insights(RetrievalSetting.VideoToVideo)],
            Map = new EmbeddingMap("t-sne", RetrievalSetting.ImageToVideo, [.. Enumerable.Range(0, Math.Min(6000, _queries)).Select(Point)]),
            Health = new DistillationHealth(RetrievalSetting.ImageToVideo, 0.862, 10, 0.734, 0.213)
            {
                Identities = [.. Enumerable.Range(0, 40).Select(i => new GroupChange($"{(i * 37) + 2:D4}", 1 + (i % 5), -0.31 + (i * 0.012)))],
                Cameras = [new GroupChange("c4", 301, -0.021), .. Enumerable.Range(1, 3).Select(i => new GroupChange($"c{i}", 300, 0.01 * i))],
            },
            Attention = [.. Enumerable.Range(0, 6).Select(i => new AttentionPair($"item-{i}", $"{i:D4}", $"c{(i % 6) + 1}", Walker(i, i % 6, 0), Glowing(i, 0.7), Glowing(i, 0.4)))],
        });
    }

    private static Lineage LineageOf(IReadOnlyList<ParentLineage> parents) =>
        new(Hash, parents, Hash, "0.1.0+e9d8d5d", "2.10.0", "cuda:0 (NVIDIA H100)", 16, "runner-7c9f", ".NET 10.0.0") { Attempts = 2, TrainedOnDatasetHash = Hash };

    private static SettingMetrics Figures(RetrievalSetting setting, double map, int queries, bool intervals = true)
    {
        var shift = setting == RetrievalSetting.VideoToVideo ? 0.03 : 0.08;
        double[] figures = [map + shift, map + shift + 0.07, map + shift + 0.09, map - 0.012, map, map - 0.24];
        Interval[] ranges = [.. figures.Select(figure => new Interval(Rounded(figure - 0.0171), Rounded(figure + 0.0164)))];
        return new SettingMetrics(setting, queries, queries * 13 / 14, queries * 6, Rounded(figures[0]), Rounded(figures[1]), Rounded(figures[2]), Rounded(figures[3]), Rounded(figures[4]), Rounded(figures[5]))
        {
            Cmc = [.. Enumerable.Range(1, 50).Select(k => Rounded(k < 5 ? figures[0] + ((k - 1) * 0.0175) : k < 10 ? figures[1] + ((k - 5) * 0.004) : figures[2] + (0.01 * (1 - (10.0 / k)))))],
            Intervals = intervals ? new MetricIntervals(ranges[0], ranges[1], ranges[2], ranges[3], ranges[4], ranges[5]) : null,
        };
    }

    private static PairedDifference Difference(ReportMetric metric, SettingMetrics student, SettingMetrics teacher)
    {
        var difference = Rounded(metric.ValueOf(student) - metric.ValueOf(teacher));
        return new PairedDifference(student.Setting, metric.Name, difference, new Interval(Rounded(difference - 0.011), Rounded(difference + 0.0115)), difference > 0.02 ? 0.0001 : 0.4312);
    }

    private EpochLosses Epoch(int epoch)
    {
        var (decay, noise) = (Math.Exp(-4.0 * epoch / _epochs), 1 + (0.08 * (_random.NextDouble() - 0.5)));
        double[] values = [0.05 + (1.1 * decay * noise), 0.4 + (5.6 * decay * noise), 0.9 + (28 * decay * noise), 0.3 + (4.2 * decay * noise)];
        return new EpochLosses(epoch, epoch > _epochs * 2 / 3 ? 1e-5 : 1e-4, LossNames.Zip([.. values, values[0] + values[1] + (0.0001 * values[2]) + (0.1 * values[3])]).ToDictionary(pair => pair.First, pair => pair.Second));
    }

    private static IReadOnlyList<GalleryCurvePoint> Curve(double start, double end) =>
    [
        .. from setting in new[] { RetrievalSetting.ImageToVideo, RetrievalSetting.VideoToVideo }
           from frames in new[] { 1, 2, 4, 8, 16 }
           select new GalleryCurvePoint(frames, Figures(setting, end - ((end - start) / frames), 1980)),
    ];

    private SettingInsights Insights(RetrievalSetting setting) => new(setting)
    {
        Queries = [.. Enumerable.Range(0, _queries).Select(i => Outcome(i))],
        CameraPairs = [.. from query in Enumerable.Range(1, _cameras) from gallery in Enumerable.Range(1, _cameras) select new CameraPairMap(
            $"c{query}", $"c{gallery}", _queries / _cameras, query == gallery ? null : Rounded(0.35 + (0.6 * _random.NextDouble())))],
        RankLists = [.. from kind in Enum.GetValues<RankListKind>() from i in Enumerable.Range(0, _listsOfAKind) select List(kind, i)],
    };

    private QueryOutcome Outcome(int i)
    {
        var (precision, other) = (Math.Pow(_random.NextDouble(), 0.35), Math.Pow(_random.NextDouble(), 0.42));
        return i % 14 == 0
            ? new QueryOutcome($"q{i:D5}", $"{i / 3:D4}", $"c{(i % _cameras) + 1}", null, null, null, null)
            : new QueryOutcome($"q{i:D5}", $"{i / 3:D4}", $"c{(i % _cameras) + 1}", precision > 0.4 ? 1 : 4, precision, precision - 0.01, precision / 2) { AgainstPrecisionStandard = other };
    }

    private RankList List(RankListKind kind, int number)
    {
        var person = ((int)kind * 5) + (number * 3);
        var right = kind switch { RankListKind.Best => 10, RankListKind.Median => 7, RankListKind.Worst => 1, RankListKind.Won => 8, RankListKind.Lost => 3 };
        var other = kind switch { RankListKind.Lost => 9, RankListKind.Won => 2, _ => right };
        return new RankList(kind, new RankedItem("query", $"{person:D4}", $"c{(number % 6) + 1}", null, false, Walker(person, number % 6, 0)), right / 10.0, Found(person, right)) { AgainstFound = Found(person, other), AgainstPrecisionStandard = other / 10.0 };
    }

    private IReadOnlyList<RankedItem> Found(int person, int right) =>
    [
        .. Enumerable.Range(0, 10).Select(rank =>
        {
            var isMatch = right == 1 ? rank == 8 : rank < right - 1 || rank == 9;
            var who = isMatch ? person : person + 1 + rank;
            var camera = (rank + person + 1) % 6;
            return new RankedItem($"t{rank}", isMatch || rank % 4 != 3 ? $"{who:D4}" : null, $"c{camera + 1}", 0.081 + (0.043 * rank), isMatch, Walker(who, camera, rank % 4));
        }),
    ];

    private EmbeddingPoint Point(int i)
    {
        var identity = i % 97 < 40 ? i % 9 : 9 + (i % 150);
        var (angle, far) = (identity * 2.4, 6 * Math.Sqrt(identity));
        return new EmbeddingPoint($"i{i}", i % 23 == 0 ? null : $"{identity:D4}", $"c{((i * 7 / 3) % _cameras) + 1}", i % 4 == 0, Rounded((far * Math.Cos(angle)) + (4 * (_random.NextDouble() + _random.NextDouble() - 1))), Rounded((far * Math.Sin(angle)) + (4 * (_random.NextDouble() + _random.NextDouble() - 1))));
    }

    private Picture Walker(int person, int camera, int frame) => Walkers.GetOrAdd((person % 24, camera, frame % 2), who => Jpeg(Pixels(who.Person, who.Camera, who.Frame)));

    /// <summary>A heat that falls off from the middle of the body.</summary>
    private Picture Glowing(int person, double strength)
    {
        var pixels = Pixels(person, person % 6, 0);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = ((i % _people.Width / 64.0) - 0.5, (i / _people.Width / 128.0) - 0.4);
            var heat = strength * Math.Exp(-((x * x * 12) + (y * y * 18)));
            pixels[i] = new Rgb24((byte)(pixels[i].R + ((255 - pixels[i].R) * heat)), (byte)(pixels[i].G * (1 - (heat / 2))), (byte)(pixels[i].B * (1 - heat)));
        }

        return Jpeg(pixels);
    }

    private Rgb24[] Pixels(int person, int camera, int frame) =>
        _renderer.Draw(_renderer.Begin(new PlannedTracklet(Split.Gallery, person, person, camera, 0, 4)), frame);

    private Picture Jpeg(Rgb24[] pixels)
    {
        using var image = Image.LoadPixelData<Rgb24>(MemoryMarshal.AsBytes<Rgb24>(pixels), _people.Width, _people.Height);
        using var file = new MemoryStream();
        image.SaveAsJpeg(file, new JpegEncoder { Quality = 80 });
        return new Picture(_people.Width, _people.Height, "image/jpeg", file.ToArray());
    }

    private static double Rounded(double value) => Math.Round(value, 4);
}
