using ReidCloud.Datasets;
using ReidCloud.GpuRunner;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

/// <summary>Trainings small enough for a test: noise images that tell identities apart, a few sets, ResNet-18.</summary>
internal static class TrainingCases
{
    public const string DatasetHash = "test-content";

    public static readonly string[] Identities = ["0001", "0002", "0005"];

    public static readonly ModelSpec Model = new(BackboneName.ResNet18);

    /// <summary>Several of them are soon trained, written and read.</summary>
    private static readonly ModelSpec Small = new(BackboneName.MobileNet);

    private static readonly ModelSpec Aligned = Small with { Local = new LocalBranchSpec(16), Neck = NeckName.None, FinalRelu = true };
    public static readonly ModelSpec Branched = Small with { MultiView = new MultiViewSpec(MultiViewStyle.Pytorch) { Attention = false, BottleneckDim = 32 } };
    private static readonly CheckpointRef TeacherRun = new("teacher");
    private static readonly CheckpointRef DeepTeacherRun = new("teacher34");
    private static readonly CheckpointRef FirstStageRun = new("firstStage");
    private static readonly CheckpointRef Initial = CheckpointRef.Pushed("initial");

    /// <summary>Every method with Adam, each way to start, and every optimizer with the first.</summary>
    private static readonly TrainSpec[] Specs =
    [
        Case(new SupervisedSpec(2)),
        Case(new ViewDistillationSpec(TeacherRun, TeacherViews: 3, StudentViews: 2)),
        Case(new ViewDistillationSpec(TeacherRun, TeacherViews: 2, StudentViews: 1)
        {
            Losses = [new CrossEntropySpec(), new LogitMatchingSpec(), new DistancePreservationSpec { Penalty = DistancePenalty.Huber, Weight = 1e-2 }],
        }),

        // The head gets no gradient at all.
        Case(new ViewDistillationSpec(TeacherRun, TeacherViews: 2, StudentViews: 1) { Losses = [new DistancePreservationSpec()] }),
        Case(new SupervisedSpec(2)) with { InitialWeights = Initial },
        Case(new ViewDistillationSpec(DeepTeacherRun, TeacherViews: 3, StudentViews: 2) { Student = FirstStageRun }) with
        {
            InitialWeights = Initial,
            Optimizer = new AdamSpec(1e-4),
        },
        Case(new ViewDistillationSpec(DeepTeacherRun, TeacherViews: 2, StudentViews: 2)) with { InitialWeights = Initial, Optimizer = new AdamSpec(1e-4) },
        Case(new SupervisedSpec(2)) with { Model = new ModelSpec(BackboneName.OsNetX025) { Pooling = PoolingName.GeneralizedMean } },
        Case(new SupervisedSpec(2)) with { Optimizer = new SgdSpec(1e-2) },
        Case(new SupervisedSpec(2)) with { Optimizer = new SgdSpec(1e-2) { Nesterov = true, WeightDecay = 0 } },

        Case(new MutualLearningSpec(2) { Losses = [new TripletSpec { Margin = 0.3 }, new CrossEntropySpec(), new MutualProbabilitySpec(), new MutualDistanceSpec()] }) with
        {
            Model = Small,
            Optimizer = new AdamSpec(1e-4),
        },

        // All of AlignedReID's losses, of three peers.
        Case(new MutualLearningSpec(3)
        {
            Losses =
            [
                new TripletSpec { Margin = 0.3, Normalize = true }, new LocalTripletSpec { Normalize = true, Mining = TripletMining.Own }, new CrossEntropySpec(),
                new MutualProbabilitySpec(), new MutualDistanceSpec { Normalize = true }, new MutualLocalDistanceSpec { Normalize = true },
            ],
        }) with { Model = Aligned },
        Case(new SupervisedSpec(2) { Losses = [new TripletSpec { Margin = 0.3 }, new LocalTripletSpec()] }) with { Model = Aligned },

        // The centers are a part of what is learned, the groups have rates and decays of their own, and the rate warms up.
        Case(new SupervisedSpec(2) { Losses = [new CrossEntropySpec { LabelSmoothing = 0.1 }, new CircleSpec { Scale = 8 }, new CenterSpec { Weight = 1e-2, LearningRate = 0.1 }] }) with
        {
            Model = Small,
            Optimizer = new AdamSpec(1e-3) { Groups = [new ParameterGroupSpec(ParameterKind.Norms, 2) { WeightDecay = 0 }, new ParameterGroupSpec(ParameterKind.Head, 0.5)] },
            Schedule = new CosineSpec { Warmup = new WarmupSpec(2) },
        },
        Case(new MutualLearningSpec(2) { Losses = [new CrossEntropySpec(), new CenterSpec { Weight = 1e-4 }, new MutualDistanceSpec { Normalize = true }] }) with
        {
            Model = Small,
            Optimizer = new AdamSpec(1e-4) { Groups = [new ParameterGroupSpec(ParameterKind.Backbone, 0.1)] },
            Schedule = new ExponentialSpec(2),
        },

        // Both networks compute in bfloat16.
        Case(new ViewDistillationSpec(TeacherRun, TeacherViews: 2, StudentViews: 1)) with { Precision = Precision.Bfloat16 },

        // MVD's losses by the paper, by either program, in parts and camera by camera; the bottlenecks have a rate of their own, and the rate warms up.
        Case(new VariationalDistillationSpec()) with { Model = Branched, Schedule = new MultiStepSpec([1]) { Warmup = new WarmupSpec(2, 0.5) } },
        Case(new VariationalDistillationSpec
        {
            Losses =
            [
                new CrossEntropySpec { LabelSmoothing = 0.1 }, new RankSpec(), new OptimalTransportSpec(), new SelfDistillationSpec { Divergence = DivergenceForm.PublishedCode },
                new CrossDistillationSpec { Divergence = DivergenceForm.PublishedCode },
            ],
        }) with { Model = Branched, Replicas = 2 },
        Case(new VariationalDistillationSpec { Losses = [new CrossEntropySpec(), new TripletSpec { Margin = 0.3 }, new CenterTripletSpec()] }) with
        {
            Model = Branched,
            Optimizer = new AdamSpec(1e-4) { Groups = [new ParameterGroupSpec(ParameterKind.Bottlenecks, 10)] },
            CameraBatchNorm = new CameraBatchNormSpec(),
        },

        // Camera by camera, with each method.
        Case(new SupervisedSpec(2)) with { Model = Small, CameraBatchNorm = new CameraBatchNormSpec() },
        Case(new ViewDistillationSpec(TeacherRun, TeacherViews: 3, StudentViews: 2)) with { Optimizer = new AdamSpec(1e-4), CameraBatchNorm = new CameraBatchNormSpec(), Precision = Precision.Bfloat16 },
        Case(new MutualLearningSpec(2) { Losses = [new CrossEntropySpec(), new MutualProbabilitySpec()] }) with
        {
            Model = Small,
            Optimizer = new AdamSpec(1e-4),
            CameraBatchNorm = new CameraBatchNormSpec(),
        },
    ];

    /// <summary>Those that go camera by camera: of each method one.</summary>
    public static TheoryData<int> ByCamera => [.. Enumerable.Range(0, Specs.Length).Where(index => Specs[index].CameraBatchNorm is not null)];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Specs.Length)];

    public static TrainSpec Spec(int index) => Specs[index];

    public static TrainingMethod Method(TrainSpec spec) => MethodRegistry.Create(spec, Identities.Length, Load);

    /// <summary>A teacher that has seen a little: weights as drawn, running statistics of one batch.</summary>
    public static ReidModel Teacher() => Seen(Model, Identities.Length, "teacher");

    private static TrainSpec Case(MethodSpec method) => new("test", Model, method)
    {
        Epochs = 2,
        Optimizer = new AdamSpec(1e-3),
        Schedule = new MultiStepSpec([1]),
    };

    private static TrainedModel Load(CheckpointRef weights, string? role) => new(
        weights switch
        {
            _ when weights == TeacherRun => Teacher(),
            _ when weights == DeepTeacherRun => Seen(new ModelSpec(BackboneName.ResNet34), Identities.Length, "teacher"),
            _ when weights == FirstStageRun => Seen(Model, Identities.Length, "first stage"),
            _ when weights == Initial => Seen(Model, 7, "initial"),
            _ => throw new ArgumentException($"{weights} as {role} is no case"),
        },
        null);

    private static ReidModel Seen(ModelSpec spec, int identities, string role)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var model = ReidModel.Of(spec, identities);
        WeightInit.Draw(model, 99, role);
        foreach (var norm in model.modules().OfType<BatchNorm>())
        {
            norm.get_parameter("weight")!.fill_(1);
        }

        using var batches = new NoiseBatches(1, 2);
        using var batch = batches.Load(0, 0);
        model.call(batch.Images_BVCHW);
        return model;
    }

    public static Trainer Trainer(TrainSpec spec, TrainingMethod method, BatchSource batches, RunContext context) =>
        new(spec, method, batches, DatasetHash, Identities, context, TimeProvider.System, CPU);

    public static IReadOnlyList<SettingMetrics> NoMetrics(ReidModel model) => [];
}

/// <summary>Six sets a step, two of each identity; the same position gives the same images.</summary>
internal sealed class NoiseBatches(int stepsPerEpoch, int views, bool isAlwaysTheSame = false) : BatchSource
{
    private const int Sets = 6;

    public Action<int>? OnLoad { get; init; }

    /// <summary>A batch with a pixel that is no number.</summary>
    public (int Epoch, int Step)? Broken { get; init; }

    /// <summary>In this step of every epoch the last set is left out.</summary>
    public int? LacksSetIn { get; init; }

    public int Loaded { get; private set; }

    public int Height { get; init; } = 32;

    public override int StepsIn(int epoch) => stepsPerEpoch;

    public override Batch Load(int epoch, int step)
    {
        OnLoad?.Invoke(++Loaded);
        var stream = isAlwaysTheSame ? Seeding.Stream(7, "test/batch") : Seeding.Stream(7, "test/batch", epoch, step);
        var values = new float[Sets * views * 3 * Height * (Height / 2)];
        for (var i = 0; i < values.Length; i++)
        {
            var identity = i * Sets / values.Length / 2;
            values[i] = (float)(stream.NextGaussian() + (i % 3 == identity ? 1.5 : 0));
        }

        if (Broken == (epoch, step))
        {
            values[0] = float.NaN;
        }

        var sets = step == LacksSetIn ? Sets - 1 : Sets;
        return new Batch(tensor(values[..(values.Length / Sets * sets)], [sets, views, 3, Height, Height / 2]), tensor(new long[] { 0, 0, 1, 1, 2, 2 }[..sets]))
        {
            Cameras_BV = [.. new[] { 4, 2, 2, 4, 4, 2 }[..sets].SelectMany(camera => Enumerable.Repeat(camera, views))],
            Modalities_BV = [.. Enumerable.Range(0, sets).SelectMany(set => Enumerable.Repeat((Modality)(set % 2), views))],
            Remaining = sets == Sets ? null : new RemainingSets(Sets, [.. Enumerable.Range(0, sets)]),
        };
    }
}

/// <summary>Keeps events and the last checkpoint in memory (of earlier ones the position), and stops when asked to.</summary>
internal sealed class MemoryContext : RunContext, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private string? _scratch;

    public List<(int Epoch, int Step, byte[] Content)> Checkpoints { get; } = [];

    /// <summary>How good each checkpoint was, where that was measured.</summary>
    public List<double?> Scores { get; } = [];

    public List<RunEvent> Events { get; } = [];

    public override CancellationToken Stop => _stop.Token;

    /// <summary>Made when it is first asked for; gone with this object.</summary>
    public override string Scratch => _scratch ??= Directory.CreateTempSubdirectory("reid-scratch-").FullName;

    public override string OnnxRuntimeFolder => OnnxRuntime;

    /// <summary>Where it is installed.</summary>
    public string OnnxRuntime { get; init; } = "";

    /// <summary>Asks to stop when so many checkpoints were kept; zero never does.</summary>
    public int StopAfterCheckpoints { get; init; }

    public void AskToStop() => _stop.Cancel();

    public override void Tell(RunEvent happened) => Events.Add(happened);

    public override void SaveCheckpoint(int epoch, int step, double? score, int keep, Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        if (Checkpoints.Count > 0)
        {
            Checkpoints[^1] = Checkpoints[^1] with { Content = [] };
        }

        Checkpoints.Add((epoch, step, stream.ToArray()));
        Scores.Add(score);
        if (Checkpoints.Count == StopAfterCheckpoints)
        {
            AskToStop();
        }
    }

    /// <summary>What the job left, by name.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public override void SaveFile(string name, Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        Files.Add(name, stream.ToArray());
    }

    public void Dispose()
    {
        _stop.Dispose();
        if (_scratch is not null)
        {
            Directory.Delete(_scratch, recursive: true);
        }
    }
}
