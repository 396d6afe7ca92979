using static ReidCloud.Specs.BackboneName;

namespace ReidCloud.Specs;

/// <summary>
/// VKD's recipes: every backbone on every data set, from labels and distilled, and the pairs of cross-distillation (spec of VKD §3.1, §5, §6, §7.2, §11),
/// beside the published results (<see cref="VkdFigures"/>). All start from ImageNet's weights, pushed as `imagenet-` and the network's name.
/// </summary>
internal static class VkdPresets
{
    private const string Published = "Porrello et al., Robust Re-Identification by Multiple Views Knowledge Distillation, ECCV 2020, with the options of its public code";
    private const string Inferred = "inferred: the authors released neither recipe nor loader for ATRW; this is VeRi's with the defaults that their code keeps for other data sets";

    private static readonly CheckpointRef Unnamed = new(Preset.NoRun);

    private static readonly Kind[] Kinds =
    [
        new("mars", "MARS", "8 frames of a tracklet", Published)
        {
            Evaluation = Measured("mars"),
        },
        new("duke-video-reid", "DukeMTMC-VideoReID", "8 frames of a tracklet", Published)
        {
            Evaluation = Measured("duke-video-reid"),
        },
        new("veri-776", "VeRi-776", "one image of a vehicle in a camera", Published)
        {
            Input = new InputSpec(224, 224),
            ErasingAspect = Rigid,
            IsImages = true,
            Evaluation = Measured("veri-776"),
        },
        new("atrw", "ATRW's tigers", "single images, an inferred recipe", Inferred)
        {
            Input = new InputSpec(224, 224) { Fit = ResizeFit.Letterbox },
            ErasingAspect = Rigid,
            IsImages = true,
            Evaluation = Measured("atrw"),
        },
    ];

    /// <summary>Those of the authors' code; a backbone that is added has no recipe of theirs.</summary>
    private static readonly BackboneName[] Backbones = [ResNet18, ResNet34, ResNet50, ResNet101, ResNet50Bam, ResNet101Bam, DenseNet121, MobileNet];

    /// <summary>Teacher and student, spec of VKD §11.3.</summary>
    private static readonly (BackboneName Teacher, BackboneName Student)[] Pairs =
        [(ResNet101, ResNet34), (ResNet101, ResNet50Bam), (ResNet50, ResNet34), (ResNet101, MobileNet), (ResNet101, ResNet50)];

    public static IReadOnlyList<Preset> All { get; } =
    [
        .. Kinds.SelectMany(kind => (IEnumerable<Preset>)
        [
            .. Backbones.SelectMany(backbone => (Preset[])[Teacher(kind, backbone), Student(kind, backbone)]),
            .. Pairs.Where(_ => kind.Source == Published).Select(pair => CrossStudent(kind, pair.Teacher, pair.Student)),
        ]),
    ];

    private static EvaluationSpec Measured(string layout) => LayoutProtocols.Of(layout) with { EveryEpochs = 50 };

    private static Range<double> Rigid => new(0.7, 1.4);

    private static Preset Teacher(Kind kind, BackboneName backbone) => new(
        $"vkd-{kind.Dataset}-{NameOf(backbone)}-teacher",
        $"{backbone} on {kind.Title}, from labels: {kind.TeacherSees}",
        Common(kind, backbone, new SupervisedSpec(Views: kind.IsImages ? 1 : 8)) with
        {
            Sampling = new SamplingSpec(Identities: kind.IsImages ? 18 : 8, Tracklets: 4) { Views = ViewSelection.Chunk },
            Schedule = new MultiStepSpec(kind.IsImages ? [200, 250] : backbone == ResNet18 ? [50, 100, 150, 200, 250] : [100, 200]),
            Epochs = 300,
            InitialWeights = ImageNet(backbone),
        })
    {
        Source = kind.Source,
        Published = VkdFigures.Of(kind.Dataset, backbone, isStudent: false),
    };

    private static Preset Student(Kind kind, BackboneName backbone) => Distilled(
        kind,
        $"vkd-{kind.Dataset}-{NameOf(backbone)}-student",
        $"{backbone} on {kind.Title}, distilled: 2 of the 8 views that its teacher of the same backbone sees{(kind.Source == Inferred ? ", an inferred recipe" : "")}",
        backbone,
        new ViewDistillationSpec(Unnamed, TeacherViews: 8, StudentViews: 2)) with
    {
        Published = VkdFigures.Of(kind.Dataset, backbone, isStudent: true),
    };

    /// <summary>The authors say how it is done; their figures of it are not at hand.</summary>
    private static Preset CrossStudent(Kind kind, BackboneName teacher, BackboneName backbone) => Distilled(
        kind,
        $"vkd-{kind.Dataset}-{NameOf(teacher)}-to-{NameOf(backbone)}",
        $"{backbone} on {kind.Title}, distilled: from its own teacher's weights on, 2 of the 8 views that a {teacher} sees",
        backbone,
        new ViewDistillationSpec(Unnamed, TeacherViews: 8, StudentViews: 2) { Student = Unnamed });

    private static Preset Distilled(Kind kind, string name, string summary, BackboneName backbone, ViewDistillationSpec method) => new(
        name,
        summary,
        Common(kind, backbone, method) with
        {
            Sampling = new SamplingSpec(Identities: 12, Tracklets: 4) { Views = ViewSelection.MultiView },
            Schedule = new MultiStepSpec([300, 450]),
            Epochs = 500,
            InitialWeights = StartRules.HasLastStage(backbone) ? ImageNet(backbone) : null,
        })
    {
        Source = kind.Source,
    };

    private static TrainSpec Common(Kind kind, BackboneName backbone, MethodSpec method) => new(kind.Dataset, new ModelSpec(backbone), method)
    {
        Input = kind.Input,
        Augmentation = new AugmentationSpec { ErasingAspect = kind.ErasingAspect },
        Optimizer = new AdamSpec(LearningRate: 1e-4, WeightDecay: 1e-5),
        Evaluation = kind.Evaluation,
    };

    private static CheckpointRef ImageNet(BackboneName backbone) => CheckpointRef.Pushed(ImageNetWeights.NameFor(StartRules.WithoutAttention(backbone)));

    private static string NameOf(BackboneName backbone) => NameConverterFactory.NameOf(backbone);

    /// <summary>What depends on the data set.</summary>
    private sealed record Kind(string Dataset, string Title, string TeacherSees, string Source)
    {
        public InputSpec Input { get; init; } = new(256, 128);

        public Range<double> ErasingAspect { get; init; } = new(0.3, 3.3);

        /// <summary>Teachers see single images, more identities a step.</summary>
        public bool IsImages { get; init; }

        public required EvaluationSpec Evaluation { get; init; }
    }
}
