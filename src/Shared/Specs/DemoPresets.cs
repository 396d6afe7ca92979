using static ReidCloud.Specs.BackboneName;

namespace ReidCloud.Specs;

/// <summary>`demo` and `debug`: small enough for two cores and the data set that `reid synth` makes.</summary>
internal static class DemoPresets
{
    private const string Ours = "made for this system: not comparable with anything published";

    private static readonly CheckpointRef Unnamed = new(Preset.NoRun);

    public static IReadOnlyList<Preset> All { get; } = [DemoTeacher(), DemoStudent(), DemoAligned(), DemoAlignedMutual(), DemoCameraBatchNorm(), .. DemosAcrossModalities(), DebugTeacher(), DebugStudent()];

    private static Preset DemoTeacher() => new(
        "demo-teacher",
        "ResNet18 on small synthetic figures, from labels: what `./reid demo` trains first",
        Demo(new TrainSpec("demo", new ModelSpec(ResNet18), new SupervisedSpec(Views: 2))) with
        {
            Sampling = new SamplingSpec(Identities: 8, Tracklets: 4) { Views = ViewSelection.Chunk },
        })
    {
        Source = Ours,
    };

    private static Preset DemoStudent() => new(
        "demo-student",
        "ResNet18 on small synthetic figures, distilled: 2 of the 4 views that its teacher sees",
        Demo(new TrainSpec("demo", new ModelSpec(ResNet18), new ViewDistillationSpec(Unnamed, TeacherViews: 4, StudentViews: 2))) with
        {
            Sampling = new SamplingSpec(Identities: 8, Tracklets: 2) { Views = ViewSelection.MultiView },
        })
    {
        Source = Ours,
    };

    private static Preset DemoAligned() => new(
        "demo-aligned",
        "ResNet18 on single images of small synthetic figures in boxes that sit badly: global and local triplet and identification",
        Aligned(new SupervisedSpec(Views: 1) { Losses = AlignedLosses }))
    {
        Source = Ours,
    };

    private static Preset DemoAlignedMutual() => new(
        "demo-aligned-mutual",
        "The same with two networks that learn from each other's distances and class scores",
        Aligned(new MutualLearningSpec(Peers: 2) { Losses = [.. AlignedLosses, new MutualProbabilitySpec(), new MutualDistanceSpec()] }))
    {
        Source = Ours,
    };

    private static Preset DemoCameraBatchNorm() => new(
        "demo-camera-batch-norm",
        "ResNet18 on single images of small synthetic figures, camera by camera in training and testing",
        new TrainSpec("demo-cameras", new ModelSpec(ResNet18) { FinalRelu = true, NeckDeviation = 0.02 }, new SupervisedSpec(Views: 1) { Losses = [new CrossEntropySpec()] })
        {
            Input = new InputSpec(Height: 64, Width: 32) { Filter = ResizeFilter.Bilinear },
            Augmentation = new AugmentationSpec(Padding: 3, ErasingProbability: 0),
            Sampling = new SamplingSpec(Identities: 16, Tracklets: 4) { Draw = IdentityDraw.EachTrackletOnce },
            Optimizer = new AdamSpec(LearningRate: 1e-3, WeightDecay: 5e-4),
            Schedule = new MultiStepSpec([12]),
            Epochs = 16,
            CameraBatchNorm = new CameraBatchNormSpec(),
            Checkpoints = new CheckpointSpec(EveryEpochs: 10),
            Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Frames = 1, AfterNeck = true, AddMirrored = true, CameraStatistics = new CameraStatisticsSpec(Batches: 10, BatchSize: 32) },
        })
    {
        Source = Ours,
    };

    private static Preset[] DemosAcrossModalities() =>
    [
        new Preset(
            "demo-two-stream",
            "ResNet18 on small synthetic figures by day and by infrared: one network for both, from class scores and triplets of batches that are half and half",
            AcrossModalities(new ModelSpec(ResNet18) { FinalRelu = true }, new SupervisedSpec(Views: 1) { Losses = [new CrossEntropySpec { LabelSmoothing = 0.1 }, new TripletSpec { Margin = 0.3 }] }))
        {
            Source = Ours,
        },
        Mvd("demo-mvd", "with the losses of the paper", new VariationalDistillationSpec()),
        Mvd("demo-mvd-pytorch", "with the losses of its authors' PyTorch program", new VariationalDistillationSpec { Losses = MvdPresets.PytorchLosses }),
        Mvd("demo-mvd-mindspore", "with the losses of the program at MindSpore", new VariationalDistillationSpec { Losses = MvdPresets.MindSporeLosses }),
    ];

    private static Preset Mvd(string name, string how, VariationalDistillationSpec method) => new(
        name,
        $"MVD on small synthetic figures by day and by infrared: three branches of ResNet18, {how}",
        AcrossModalities(new ModelSpec(ResNet18) { FinalRelu = true, MultiView = new MultiViewSpec(MultiViewStyle.Pytorch) { BottleneckDim = 128 } }, method))
    {
        Source = Ours,
    };

    /// <summary>From random weights, with a higher rate than published.</summary>
    private static TrainSpec AcrossModalities(ModelSpec model, MethodSpec method) => new("demo-infrared", model, method)
    {
        Input = new InputSpec(Height: 64, Width: 32) { Filter = ResizeFilter.Bilinear },
        Augmentation = new AugmentationSpec(Padding: 3, ErasingProbability: 0),
        Sampling = new SamplingSpec(Identities: 8, Tracklets: 4) { Modalities = ModalityMix.Interleaved },
        Optimizer = new AdamSpec(LearningRate: 1e-3, WeightDecay: 5e-4),
        Schedule = new MultiStepSpec([11]) { Warmup = new WarmupSpec(3, StartFactor: 0.1) },
        Epochs = 14,
        Checkpoints = new CheckpointSpec(EveryEpochs: 7),
        Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Frames = 1, Protocol = RetrievalProtocol.SysuMm01 },
    };

    private static LossSpec[] AlignedLosses => [new TripletSpec { Margin = 0.3 }, new LocalTripletSpec { Mining = TripletMining.Own }, new CrossEntropySpec()];

    /// <summary>AlignedReID's recipe in small: from random weights, so with a higher rate, and a last stride of 1, so that there are four stripes to align.</summary>
    private static TrainSpec Aligned(MethodSpec method) => new("demo-aligned", new ModelSpec(ResNet18) { FinalRelu = true, Neck = NeckName.None, Local = new LocalBranchSpec(32) }, method)
    {
        Input = new InputSpec(Height: 64, Width: 32) { Filter = ResizeFilter.OpenCvBilinear },
        Augmentation = new AugmentationSpec(Padding: 0, ErasingProbability: 0),
        Sampling = new SamplingSpec(Identities: 8, Tracklets: 4) { KeepLastBatch = method is MutualLearningSpec },
        Optimizer = new AdamSpec(LearningRate: 1e-3, WeightDecay: 5e-4),
        Schedule = new ExponentialSpec(StartEpoch: 12),
        Epochs = 16,
        Checkpoints = new CheckpointSpec(EveryEpochs: 10),
        Evaluation = new EvaluationSpec
        {
            Settings = [RetrievalSetting.ImageToImage],
            Frames = 1,
            Metric = DistanceMetric.Euclidean,
            Distances = [RetrievalDistance.Global, RetrievalDistance.Local, RetrievalDistance.Combined],
            ReRanking = new ReRankingSpec(),
        },
    };

    /// <summary>
    /// From random weights in two minutes on two cores: a rate ten times VKD's, and no erasing, which helps long training and hinders short. The
    /// checkpoints of a small network are large beside its epochs, hence few of them.
    /// </summary>
    private static TrainSpec Demo(TrainSpec spec) => spec with
    {
        Input = new InputSpec(Height: 64, Width: 32),
        Augmentation = new AugmentationSpec(Padding: 3, ErasingProbability: 0),
        Optimizer = new AdamSpec(LearningRate: 1e-3),
        Schedule = new MultiStepSpec([11]),
        Epochs = 14,
        Checkpoints = new CheckpointSpec(EveryEpochs: 5),
        Evaluation = new EvaluationSpec { Frames = 4, GalleryIncludesQueries = true },
    };

    private static Preset DebugTeacher() => new(
        "debug-teacher",
        "ResNet18 for two epochs on a handful of synthetic figures: proves that all parts work, learns next to nothing",
        new TrainSpec("debug", new ModelSpec(ResNet18), new SupervisedSpec(Views: 2))
        {
            Input = new InputSpec(Height: 64, Width: 32),
            Augmentation = new AugmentationSpec(Padding: 4),
            Sampling = new SamplingSpec(Identities: 4, Tracklets: 2) { Views = ViewSelection.Chunk },
            Schedule = new ConstantSpec(),
            Epochs = 2,
            Evaluation = new EvaluationSpec { Frames = 2, EveryEpochs = 1, GalleryIncludesQueries = true },
        })
    {
        Source = Ours,
    };

    private static Preset DebugStudent() => new(
        "debug-student",
        "The student of debug-teacher: one of the two views that its teacher sees, two epochs",
        new TrainSpec("debug", new ModelSpec(ResNet18), new ViewDistillationSpec(Unnamed, TeacherViews: 2, StudentViews: 1))
        {
            Input = new InputSpec(Height: 64, Width: 32),
            Augmentation = new AugmentationSpec(Padding: 4),
            Sampling = new SamplingSpec(Identities: 4, Tracklets: 2) { Views = ViewSelection.MultiView },
            Schedule = new ConstantSpec(),
            Epochs = 2,
            Evaluation = new EvaluationSpec { Frames = 2, EveryEpochs = 1, GalleryIncludesQueries = true },
        })
    {
        Source = Ours,
    };
}
