namespace ReidCloud.Specs;

/// <summary>
/// Camera-based batch normalization (Zhuang et al., ECCV 2020; its spec §2–§5): the published recipe on each data set, beside the published results of the same network there and on the others' tests; and the
/// paper's combination with the bag of tricks, whose recipe is inferred.
/// </summary>
internal static class CameraBatchNormPresets
{
    private const string Market = "market1501";
    private const string Duke = "dukemtmc-reid";
    private const string Msmt = "msmt17";

    /// <summary>The authors recommend means of so many runs.</summary>
    private const int Runs = 10;

    private const string Source = "Zhuang et al., Rethinking the Distribution Gap of Person Re-identification with Camera-based Batch Normalization, ECCV 2020, with the options of its public code; "
        + "there frames are mirrored before they are cropped, here after, which is as likely to give the same; its ResNets have no ReLU behind the stem's norm, these have";

    private const string Inferred = "inferred: the paper has figures of its method with the bag of tricks, but neither recipe nor code; this is the bag of tricks as its public code has it, camera by camera in training and testing, "
        + "with the mirror images that the method's own test adds";

    private static readonly (string Name, string Title)[] Sets = [(Market, "Market-1501"), (Duke, "DukeMTMC-reID"), (Msmt, "MSMT17")];

    public static IReadOnlyList<Preset> All { get; } = [.. Sets.Select(set => Of(set.Name, set.Title)), .. Sets[..2].Select(set => WithTricks(set.Name, set.Title))];

    private static Preset Of(string dataset, string title) => new(
        $"cbn-{dataset}",
        $"ResNet50 on {title}, camera by camera: every batch norm has the statistics of one camera, in training and testing",
        Common(dataset, new ModelSpec(BackboneName.ResNet50) { FinalRelu = true, NeckDeviation = 0.02 }, new SupervisedSpec(Views: 1) { Losses = [new CrossEntropySpec()] }) with
        {
            Augmentation = new AugmentationSpec(ErasingProbability: 0),
            Optimizer = new SgdSpec(LearningRate: 1e-2, WeightDecay: 5e-4),
            Schedule = new MultiStepSpec([40]),
            Epochs = 60,
        })
    {
        Source = Source,
        Published = Figures(dataset),
        RecommendedRuns = Runs,
    };

    private static Preset WithTricks(string dataset, string title) => new(
        $"cbn-bot-{dataset}",
        $"ResNet50 on {title}, camera by camera, with the bag of tricks, an inferred recipe",
        Common(dataset, new ModelSpec(BackboneName.ResNet50) { FinalRelu = true }, new SupervisedSpec(Views: 1)
        {
            Losses = [new TripletSpec { Margin = 0.3 }, new CrossEntropySpec { LabelSmoothing = 0.1 }, new CenterSpec { LearningRate = 0.5 }],
        }) with
        {
            Augmentation = new AugmentationSpec { ErasingAspect = new(0.3, 3.33) },
            Optimizer = new AdamSpec(LearningRate: 3.5e-4, WeightDecay: 5e-4),
            Schedule = new MultiStepSpec([40, 70]) { Warmup = new WarmupSpec(10, StartFactor: 0.01) },
            Epochs = 120,
        })
    {
        Source = Inferred,
        Published = dataset == Market ? [Figure(94.3, 83.6, Verified.Map)] : [Figure(84.8, 70.1, Verified.Map)],
        RecommendedRuns = Runs,
    };

    private static TrainSpec Common(string dataset, ModelSpec model, MethodSpec method) => new(dataset, model, method)
    {
        Input = new InputSpec(256, 128) { Filter = ResizeFilter.Bilinear },
        Sampling = new SamplingSpec(Identities: 16, Tracklets: 4) { Draw = IdentityDraw.EachTrackletOnce },
        CameraBatchNorm = new CameraBatchNormSpec(),
        InitialWeights = CheckpointRef.Pushed(ImageNetWeights.NameFor(BackboneName.ResNet50)),
        Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Frames = 1, AfterNeck = true, AddMirrored = true, CameraStatistics = new CameraStatisticsSpec() },
    };

    /// <summary>The paper's tables as they were transcribed; what public leaderboards quote from it, too, is verified. On its own test first, then on the others' without any training there.</summary>
    private static PublishedFigure[] Figures(string dataset) => dataset switch
    {
        Market => [Figure(91.3, 77.3, Verified.Map), Figure(58.7, 38.2, Verified.Nothing, Duke), Figure(25.3, 9.5, Verified.Nothing, Msmt)],
        Duke => [Figure(82.5, 67.3, Verified.Map), Figure(72.7, 43.0, Verified.Rank1, Market), Figure(35.4, 13.0, Verified.Nothing, Msmt)],
        Msmt => [Figure(72.8, 42.9, Verified.Map), Figure(73.7, 45.0, Verified.Nothing, Market), Figure(66.2, 46.7, Verified.Rank1, Duke)],
        _ => [],
    };

    private static PublishedFigure Figure(double rank1, double map, Verified verified, string? tested = null) =>
        new(RetrievalSetting.ImageToImage, Math.Round(rank1 / 100, 4), verified) { MapStandard = Math.Round(map / 100, 4), Dataset = tested };
}
