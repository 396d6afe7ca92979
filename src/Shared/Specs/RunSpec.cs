using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>
/// What is asked for: the request body, the stored blob, what the runner obeys and the lineage in the report. Whatever can change a
/// metric stands here; names of places and secrets never do.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TrainSpec), "train")]
[JsonDerivedType(typeof(EvaluateSpec), "evaluate")]
public abstract record RunSpec(string Dataset)
{
    /// <summary>Where all random numbers of the run come from. The reference programs' default is kept.</summary>
    public long Seed { get; init; } = 1897;

    /// <summary>The same request is the same run. Another number asks for it once more.</summary>
    public int Repeat { get; init; }

    public LimitsSpec Limits { get; init; } = new();

    /// <summary>The runs that must have succeeded before this one can start, each with its place in the spec.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Parents { get; }
}

/// <summary>How often a run that was interrupted by its machine is taken up again before it counts as failed.</summary>
public sealed record LimitsSpec(int MaxAttempts = 10);

/// <summary>Trains a model by a method and evaluates it. Defaults are those of VKD's first stage on MARS (spec of the method, §5, §11).</summary>
public sealed record TrainSpec(string Dataset, ModelSpec Model, MethodSpec Method) : RunSpec(Dataset)
{
    public InputSpec Input { get; init; } = new();
    public AugmentationSpec Augmentation { get; init; } = new();
    public SamplingSpec Sampling { get; init; } = new();
    public OptimizerSpec Optimizer { get; init; } = new AdamSpec();
    public ScheduleSpec Schedule { get; init; } = new MultiStepSpec([100, 200]);
    public int Epochs { get; init; } = 300;
    public CheckpointSpec Checkpoints { get; init; } = new();
    public EvaluationSpec Evaluation { get; init; } = new();

    public override IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Parents => Method.Parents;
}

/// <summary>Evaluates the checkpoint of another run on a data set, which need not be the one it was trained on.</summary>
public sealed record EvaluateSpec(string Dataset, CheckpointRef Checkpoint) : RunSpec(Dataset)
{
    public EvaluationSpec Evaluation { get; init; } = new();

    public override IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Parents => [("$.checkpoint", Checkpoint)];
}

/// <summary>A run's final checkpoint, by the run's id: twenty lowercase hexadecimal digits.</summary>
public sealed record CheckpointRef(string Run)
{
    internal const int RunDigits = 20;

    /// <summary>Exactly a run id; nothing else can name a blob.</summary>
    internal static bool IsRunId(string? text) =>
        text is { Length: RunDigits } && text.All(character => char.IsAsciiHexDigitLower(character) || char.IsAsciiDigit(character));
}

/// <summary>How many epochs lie between durable checkpoints. A run that is killed repeats at most that much.</summary>
public sealed record CheckpointSpec(int EveryEpochs = 1);
