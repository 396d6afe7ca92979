using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Testing;

/// <summary>Runs on <see cref="TinyDataset"/> that take seconds.</summary>
internal static class TinySpecs
{
    public static TrainSpec Teacher { get; } = new("tiny", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec(Views: 2))
    {
        Input = new InputSpec(32, 16),
        Augmentation = new AugmentationSpec(Padding: 2),
        Sampling = new SamplingSpec(Identities: 3, Tracklets: 2),
        Optimizer = new AdamSpec(3e-4),
        Schedule = new ConstantSpec(),
        Epochs = 6,
        Checkpoints = new CheckpointSpec(EveryEpochs: 3),
        Evaluation = new EvaluationSpec { Frames = 2, EveryEpochs = 4 },
    };

    /// <summary>The same with a checkpoint of 27 MB instead of 134: the emulator holds in memory what all tests write.</summary>
    public static TrainSpec Light { get; } = Teacher with { Model = new ModelSpec(BackboneName.MobileNet) };

    public static TrainSpec StudentOf(RunId teacher) => Teacher with
    {
        Method = new ViewDistillationSpec(new CheckpointRef(teacher.ToString()), TeacherViews: 3, StudentViews: 2),
        Sampling = Teacher.Sampling with { Views = ViewSelection.MultiView },
    };
}
