using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>
/// What is asked for: the request body, the stored blob, what the runner obeys and the lineage in the report. Whatever can change a
/// metric stands here; names of places and secrets never do.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TrainSpec), "train")]
[JsonDerivedType(typeof(EvaluateSpec), "evaluate")]
[JsonDerivedType(typeof(ExplainSpec), "explain")]
[JsonDerivedType(typeof(ExportSpec), "export")]
public abstract record RunSpec(string Dataset)
{
    /// <summary>Where all random numbers of the run come from. The reference programs' default is kept.</summary>
    public long Seed { get; init; } = 1897;

    /// <summary>The same request is the same run. Another number asks for it once more.</summary>
    public int Repeat { get; init; }

    public LimitsSpec Limits { get; init; } = new();

    /// <summary>The weights that this run builds on, of other runs or pushed, each with its place in the spec.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Parents { get; }

    /// <summary>The runs among <see cref="Parents"/>: they must have succeeded before this one can start.</summary>
    [JsonIgnore]
    public IEnumerable<(string Path, string Run)> ParentRuns =>
        Parents.Where(parent => parent.Checkpoint.Run is not null).Select(parent => (parent.Path, parent.Checkpoint.Run!));
}

/// <summary>
/// When a run that does not end by itself counts as failed. `maxAttempts`: so many attempts may break off (killed, crashed, hung); being given back by a
/// machine that goes away, or for a storage that does not answer, is no attempt.
/// </summary>
public sealed record LimitsSpec(int MaxAttempts = 10)
{
    /// <summary>How long it may run, all attempts together and waiting left out: hh:mm:ss, or d.hh:mm:ss. Left out: without limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>An attempt that has not finished a step, or a batch of an evaluation, for so long is hung and ended: hh:mm:ss.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromMinutes(30);
}

/// <summary>Trains a model by a method and evaluates it. Defaults are those of VKD's first stage on MARS (spec of the method, §5, §11).</summary>
public sealed record TrainSpec(string Dataset, ModelSpec Model, MethodSpec Method) : RunSpec(Dataset)
{
    public InputSpec Input { get; init; } = new();
    public AugmentationSpec Augmentation { get; init; } = new();
    public SamplingSpec Sampling { get; init; } = new();
    public OptimizerSpec Optimizer { get; init; } = new AdamSpec();
    public ScheduleSpec Schedule { get; init; } = new MultiStepSpec([100, 200]);
    public int Epochs { get; init; } = 300;

    /// <summary>In which numbers networks compute while they are trained. Weights, batch-norm statistics, losses and every evaluation are float32 always.</summary>
    public Precision Precision { get; init; }

    /// <summary>
    /// In so many equal parts a batch goes through a network, each with batch-norm statistics of its own, as PyTorch's data-parallel training has them; running statistics are those of the first
    /// part. On a runner with several devices each has its parts at the same time; on one the outcome is the same, but for rounding.
    /// </summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Let a batch go through a network camera by camera. Left out: all of it at once.</summary>
    public CameraBatchNormSpec? CameraBatchNorm { get; init; }

    public CheckpointSpec Checkpoints { get; init; } = new();
    public EvaluationSpec Evaluation { get; init; } = new();

    /// <summary>
    /// Train on fewer identities, and measure on the ones held back instead of on the data set's queries and gallery. Left out: train on all, measure on those.
    /// </summary>
    public ValidationSpec? Validation { get; init; }

    /// <summary>
    /// Train only on what these cameras saw, called as in the data set; identities that only others saw are not trained. Left out: on what all saw. Queries and gallery stay those of all cameras.
    /// A run that goes on with more cameras names this one in `initialWeights`: its classifier starts afresh, for other identities.
    /// </summary>
    public IReadOnlyList<string> Cameras { get; init; } = [];

    /// <summary>
    /// Where the backbone starts, and of a student what it starts afresh: ImageNet's weights in every published recipe. Left out, both are drawn at
    /// random. The head always starts afresh.
    /// </summary>
    public CheckpointRef? InitialWeights { get; init; }

    public override IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Parents =>
        InitialWeights is null ? Method.Parents : [.. Method.Parents, ("$.initialWeights", InitialWeights)];
}

public enum Precision
{
    Float32,

    /// <summary>Products of convolutions and matrices are made from 19 of 32 bits, on a CUDA device that has this (Ampere or newer).</summary>
    TensorFloat32,

    /// <summary>Convolutions in bfloat16; weights, batch-norm statistics, embeddings and losses in float32.</summary>
    Bfloat16,
}

/// <summary>
/// Evaluates the weights of another run, or pushed ones, on a data set, which need not be the one they were trained on.
/// </summary>
public sealed record EvaluateSpec(string Dataset, CheckpointRef Checkpoint) : RunSpec(Dataset)
{
    /// <summary>Measured in the same way beside it: the teacher of a student.</summary>
    public CheckpointRef? Against { get; init; }

    /// <summary>What the networks see. Left out: what they saw in their training, which pushed weights do not tell.</summary>
    public InputSpec? Input { get; init; }

    public EvaluationSpec Evaluation { get; init; } = new();

    /// <summary>
    /// Measure with so many frames of each gallery tracklet, too, while queries keep theirs: the curve of VKD §8, for settings that search videos.
    /// </summary>
    public IReadOnlyList<int> GalleryFrames { get; init; } = [];

    /// <summary>Measure how well a linear classifier reads the camera off the embeddings.</summary>
    public bool CameraBias { get; init; }

    /// <summary>Keep the distances of every query to every gallery item as files of the run.</summary>
    public bool SaveDistances { get; init; }

    public override IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Parents => CheckpointRef.Pair(Checkpoint, Against);
}

/// <summary>
/// Shows where a network looks: Grad-CAM maps over images of the gallery (VKD §10), of one network or of two side by side and scaled jointly.
/// </summary>
public sealed record ExplainSpec(string Dataset, CheckpointRef Checkpoint) : RunSpec(Dataset)
{
    /// <summary>Shown beside it: the teacher of a student.</summary>
    public CheckpointRef? Against { get; init; }

    /// <summary>What the networks see. Left out: what they saw in their training, which pushed weights do not tell.</summary>
    public InputSpec? Input { get; init; }

    /// <summary>How many images, taken evenly from the gallery's.</summary>
    public int Images { get; init; } = 16;

    public override IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Parents => CheckpointRef.Pair(Checkpoint, Against);
}

/// <summary>
/// Writes a network as ONNX (`model.onnx`: normalised images in, embeddings out, any number at a time), with a model card. Images of the data set are embedded with both; where they
/// differ, nothing is left.
/// </summary>
public sealed record ExportSpec(string Dataset, CheckpointRef Checkpoint) : RunSpec(Dataset)
{
    /// <summary>What the network sees. Left out: what it saw in its training, which pushed weights do not tell.</summary>
    public InputSpec? Input { get; init; }

    /// <summary>Make each batch norm behind a convolution part of its weights: fewer operators, and the same embeddings but for rounding.</summary>
    public bool FoldBatchNorm { get; init; }

    public override IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Parents => [("$.checkpoint", Checkpoint)];
}

/// <summary>
/// So many identities of the training split, drawn by <see cref="Seed"/> as AlignedReID draws them (spec of AlignedReID §12): of each, one image a camera is searched for among the others.
/// </summary>
public sealed record ValidationSpec(int Identities = 100, long Seed = 1);

/// <summary>
/// A network's weights: a run's final checkpoint by the run's id (twenty lowercase hexadecimal digits), or pushed weights by the name they were given. One
/// of the two.
/// </summary>
public sealed record CheckpointRef(string? Run = null)
{
    internal const int RunDigits = 20;

    /// <summary>Weights that were pushed under this name.</summary>
    public string? Weights { get; init; }

    /// <summary>Of a run of mutual learning, which peer is meant, from 1. Left out: the first.</summary>
    public int? Peer { get; init; }

    public static CheckpointRef Pushed(string name) => new() { Weights = name };

    /// <summary>For people.</summary>
    public override string ToString() => Run is null ? $"weights '{Weights}'" : Peer is null ? $"run {Run}" : $"peer {Peer} of run {Run}";

    internal static IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Pair(CheckpointRef checkpoint, CheckpointRef? against) =>
        against is null ? [("$.checkpoint", checkpoint)] : [("$.checkpoint", checkpoint), ("$.against", against)];

    /// <summary>Exactly a run id; nothing else can name a blob.</summary>
    internal static bool IsRunId(string? text) =>
        text is { Length: RunDigits } && text.All(character => char.IsAsciiHexDigitLower(character) || char.IsAsciiDigit(character));
}

/// <summary>
/// How many epochs lie between durable checkpoints, at most which a run that is killed repeats, and how many of the last are kept. Where the training is
/// evaluated on the way, there is one after each evaluation, too, and the best one is kept besides.
/// </summary>
public sealed record CheckpointSpec(int EveryEpochs = 1, int Keep = 2);
