using static ReidCloud.Specs.BackboneName;

namespace ReidCloud.Specs;

/// <summary>
/// Every preset on one page. VKD's are the published recipes (spec of VKD §5, §6, §11) beside the published results (§13); `demo` and `debug` are small
/// enough for two cores and the data set that `reid synth` makes.
/// </summary>
public static class Presets
{
    private const string Vkd = "Porrello et al., Robust Re-Identification by Multiple Views Knowledge Distillation, ECCV 2020, with the options of its public code";
    private const string Ours = "made for this system: not comparable with anything published";

    private static readonly EvaluationSpec OnMars = new() { GalleryIncludesQueries = true, EveryEpochs = 50 };
    private static readonly CheckpointRef Unnamed = new(Preset.NoRun);

    public static IReadOnlyList<Preset> All { get; } =
    [
        VkdTeacher(ResNet18, [50, 100, 150, 200, 250]),
        VkdStudent(ResNet18),
        VkdTeacher(ResNet34, [100, 200], I2V(80.81, 70.74), V2V(86.67, 78.03)),
        VkdStudent(ResNet34, I2V(82.17, 73.68), V2V(87.83, 79.50)),
        VkdTeacher(ResNet50, [100, 200], I2V(82.22, 73.38), V2V(87.88, 81.13)),
        VkdStudent(ResNet50, I2V(83.89, 77.27), V2V(88.74, 82.22)),
        VkdTeacher(ResNet101, [100, 200], I2V(82.78, 74.94), V2V(88.59, 81.66)),
        VkdStudent(ResNet101, I2V(85.91, 77.64), V2V(89.60, 82.65)),
        DemoTeacher(),
        DemoStudent(),
        DebugTeacher(),
        DebugStudent(),
    ];

    /// <exception cref="SpecException">There is none of that name.</exception>
    public static Preset Named(string name) => All.FirstOrDefault(preset => preset.Name == name)
        ?? throw new SpecException("$.preset", JsonTypeWords.Unknown(name, [.. All.Select(preset => preset.Name)]));

    private static Preset VkdTeacher(BackboneName backbone, IReadOnlyList<int> milestones, params PublishedFigure[] published) => new(
        $"vkd-mars-{NameConverterFactory.NameOf(backbone)}-teacher",
        $"{backbone} on MARS, from labels: 8 frames of a tracklet, triplet and cross-entropy, 300 epochs",
        new TrainSpec("mars", new ModelSpec(backbone), new SupervisedSpec(Views: 8))
        {
            Sampling = new SamplingSpec(Identities: 8, Tracklets: 4) { Views = ViewSelection.Chunk },
            Schedule = new MultiStepSpec(milestones),
            Epochs = 300,
            Evaluation = OnMars,
        })
    {
        Source = Vkd,
        Published = published,
    };

    private static Preset VkdStudent(BackboneName backbone, params PublishedFigure[] published) => new(
        $"vkd-mars-{NameConverterFactory.NameOf(backbone)}-student",
        $"{backbone} on MARS, distilled: 2 of the 8 views that its teacher of the same backbone sees, 500 epochs",
        new TrainSpec("mars", new ModelSpec(backbone), new ViewDistillationSpec(Unnamed, TeacherViews: 8, StudentViews: 2))
        {
            Sampling = new SamplingSpec(Identities: 12, Tracklets: 4) { Views = ViewSelection.MultiView },
            Schedule = new MultiStepSpec([300, 450]),
            Epochs = 500,
            Evaluation = OnMars,
        })
    {
        Source = Vkd,
        Published = published,
    };

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

    private static PublishedFigure I2V(double rank1, double map) => new(RetrievalSetting.ImageToVideo, Fraction(rank1), Fraction(map));

    private static PublishedFigure V2V(double rank1, double map) => new(RetrievalSetting.VideoToVideo, Fraction(rank1), Fraction(map));

    /// <summary>Published in percent, with two decimals.</summary>
    private static double Fraction(double percent) => Math.Round(percent / 100, 4);
}
