using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>
/// One run of every kind and method, each building on those before it, done once by a runner that nobody disturbs: what all others must come to. It is a process as
/// those of the others are: the bytes depend on its number of threads.
/// </summary>
public sealed class UndisturbedRuns(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly LimitsSpec Limits = new(MaxAttempts: 1000);

    /// <summary>Large enough that its checkpoints are uploaded in several blocks.</summary>
    private static readonly ModelSpec Network = new(BackboneName.MobileNet);

    private RunnerSystem? _system;

    internal static TrainSpec Teacher { get; } = TinySpecs.Teacher with
    {
        Model = Network,
        Epochs = 4,
        Checkpoints = new CheckpointSpec(),
        Evaluation = new EvaluationSpec { Frames = 2, EveryEpochs = 2 },
        Limits = Limits,
    };

    internal static TrainSpec Student { get; } = TinySpecs.StudentOf(RunId.Of(Teacher)) with
    {
        Model = Network,
        Epochs = 3,
        Checkpoints = Teacher.Checkpoints,
        Evaluation = Teacher.Evaluation,
        Limits = Limits,
    };

    /// <summary>Cross-distillation: it starts from another run's weights.</summary>
    internal static TrainSpec CrossStudent { get; } = Student with
    {
        Method = new ViewDistillationSpec(Of(Teacher), TeacherViews: 2, StudentViews: 1) { Student = Of(Student) },
        Epochs = 2,
        Evaluation = new EvaluationSpec { Frames = 1 },
    };

    /// <summary>Several networks and what a loss learned are in its checkpoints; a network that was trained alone is measured beside them.</summary>
    internal static TrainSpec Peers { get; } = Teacher with
    {
        Method = new MutualLearningSpec
        {
            Views = 2,
            Alone = Of(Teacher),
            Losses = [new CrossEntropySpec(), new CenterSpec { Weight = 1e-4 }, new MutualProbabilitySpec(), new MutualDistanceSpec { Normalize = true }],
        },
        Epochs = 2,
        Evaluation = new EvaluationSpec { Frames = 1 },
    };

    internal static EvaluateSpec Evaluation { get; } = new("tiny", Of(Student))
    {
        Against = Of(Teacher),
        Evaluation = new EvaluationSpec { Frames = 2 },
        GalleryFrames = [1, 3],
        CameraBias = true,
        SaveDistances = true,
        Limits = Limits,
    };

    internal static ExplainSpec Explanation { get; } = new("tiny", Of(Student)) { Against = Of(Teacher), Images = 4, Limits = Limits };

    internal static ExportSpec Export { get; } = new("tiny", Of(Student)) { FoldBatchNorm = true, Limits = Limits };

    internal static IReadOnlyList<(string Kind, RunSpec Spec)> Kinds { get; } =
        [("teacher", Teacher), ("student", Student), ("cross-student", CrossStudent), ("peers", Peers), ("evaluation", Evaluation), ("explanation", Explanation), ("export", Export)];

    public async ValueTask InitializeAsync()
    {
        OnnxRuntimePackage.Folder();
        _system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(_system.Storage, TinyDataset.Zip());
        using var runner = RunnerProcess.Start(_system.Options, "serve");
        foreach (var (kind, spec) in Kinds)
        {
            var status = await _system.UntilAsync(await _system.SubmitAsync(spec), runner, status => status.IsFinal);
            Assert.True((status.State, status.Attempt) == (RunState.Succeeded, 1), $"{kind}: {status}{Environment.NewLine}{RunnerSystem.Tail(runner)}");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What the run left.</summary>
    internal Task<string> RemainsAsync(RunSpec spec) => RunRemains.ReadAsync(_system!, RunId.Of(spec));

    /// <summary>Puts the results of the runs that this one builds on into another system.</summary>
    internal async Task CopyParentsAsync(RunSpec spec, RunnerSystem to)
    {
        foreach (var (_, parent) in spec.ParentRuns)
        {
            await foreach (var blob in _system!.Storage.Runs.GetBlobsAsync(prefix: $"{parent}/"))
            {
                if (blob.Properties.BlobType == Azure.Storage.Blobs.Models.BlobType.Block)
                {
                    var content = (await _system.Storage.Runs.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content;
                    await to.Storage.Runs.GetBlobClient(blob.Name).UploadAsync(content);
                }
            }
        }
    }

    private static CheckpointRef Of(RunSpec spec) => new($"{RunId.Of(spec)}");
}
