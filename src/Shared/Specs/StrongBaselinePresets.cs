using ReidCloud.Reports;
using static ReidCloud.Specs.BackboneName;

namespace ReidCloud.Specs;

/// <summary>
/// The bag of tricks (Luo et al., CVPR workshops 2019): warm-up, random erasing, label smoothing, last stride 1, BNNeck and center loss, searched by the cosine of what the neck makes of the feature. With
/// the results that its public code's readme prints.
/// </summary>
internal static class StrongBaselinePresets
{
    /// <summary>
    /// Theirs goes through all images an epoch, here each identity is drawn once: on Market-1501 theirs has about four times the steps (12,936 images in groups of 4, 16 groups a batch, against 751 / 16).
    /// </summary>
    private const int Rounds = 4;

    private const string Source = "Luo et al., Bag of Tricks and a Strong Baseline for Deep Person Re-Identification, CVPR workshops 2019, with the options of its public code; "
        + "120 epochs there are 480 here, where an epoch draws each identity once; erased rectangles are filled with 0, there with small numbers; its ResNets have no ReLU behind the stem's norm, these have";

    /// <summary>torchreid's model zoo.</summary>
    private const string Other = Source + "; inferred: OSNet's authors trained it otherwise, from class scores alone by AMSGrad, and published 94.2 / 82.6 on Market-1501 and 87.0 / 70.2 on DukeMTMC-reID";

    private static readonly (string Name, string Title)[] Sets = [("market1501", "Market-1501"), ("dukemtmc-reid", "DukeMTMC-reID")];

    private static readonly BackboneName[] Backbones = [ResNet18, ResNet34, ResNet50, ResNet101, ResNet50IbnA, OsNetX100];

    public static IReadOnlyList<Preset> All { get; } = [.. Sets.SelectMany(set => Backbones.Select(backbone => Of(set.Name, set.Title, backbone)))];

    private static Preset Of(string dataset, string title, BackboneName backbone) => new(
        $"strong-baseline-{dataset}-{NameConverterFactory.NameOf(backbone)}",
        $"{backbone} on {title}: the bag of tricks, searched by what the neck makes of the feature",
        new TrainSpec(dataset, new ModelSpec(backbone) { FinalRelu = true }, new SupervisedSpec(Views: 1)
        {
            Losses = [new TripletSpec { Margin = 0.3 }, new CrossEntropySpec { LabelSmoothing = 0.1 }, new CenterSpec { LearningRate = 0.5 }],
        })
        {
            Input = new InputSpec(256, 128) { Filter = ResizeFilter.Bilinear },
            Augmentation = new AugmentationSpec { ErasingAspect = new(0.3, 3.33) },
            Sampling = new SamplingSpec(Identities: 16, Tracklets: 4),
            Optimizer = new AdamSpec(LearningRate: 3.5e-4, WeightDecay: 5e-4),
            Schedule = new MultiStepSpec([40 * Rounds, 70 * Rounds]) { Warmup = new WarmupSpec(10 * Rounds, StartFactor: 0.01) },
            Epochs = 120 * Rounds,
            InitialWeights = CheckpointRef.Pushed(ImageNetWeights.NameFor(backbone)),
            Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Frames = 1, AfterNeck = true, ReRanking = new ReRankingSpec() },
        })
    {
        Source = backbone.IsOsNet() ? Other : Source,
        Published = Figures(dataset, backbone),
    };

    /// <summary>Its readme's, with one decimal; re-ranked there is resnet50 only.</summary>
    private static PublishedFigure[] Figures(string dataset, BackboneName backbone) => (dataset, backbone) switch
    {
        ("market1501", ResNet18) => [Figure(91.7, 77.8)],
        ("market1501", ResNet34) => [Figure(92.7, 82.7)],
        ("market1501", ResNet50) => [Figure(94.5, 85.9), ReRanked(95.4, 94.2)],
        ("market1501", ResNet101) => [Figure(94.5, 87.1)],
        ("market1501", ResNet50IbnA) => [Figure(95.0, 88.2)],
        ("dukemtmc-reid", ResNet18) => [Figure(82.5, 68.8)],
        ("dukemtmc-reid", ResNet34) => [Figure(86.4, 73.6)],
        ("dukemtmc-reid", ResNet50) => [Figure(86.4, 76.4), ReRanked(90.3, 89.1)],
        ("dukemtmc-reid", ResNet101) => [Figure(87.6, 77.6)],
        ("dukemtmc-reid", ResNet50IbnA) => [Figure(90.1, 79.1)],
        _ => [],
    };

    private static PublishedFigure ReRanked(double rank1, double map) => Figure(rank1, map) with { Variant = new RetrievalVariant { ReRanked = true } };

    private static PublishedFigure Figure(double rank1, double map) =>
        new(RetrievalSetting.ImageToImage, Math.Round(rank1 / 100, 4), Verified.Both) { MapStandard = Math.Round(map / 100, 4) };
}
