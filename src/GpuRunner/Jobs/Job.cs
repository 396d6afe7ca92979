using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Insights;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Weights;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>
/// What one kind of run does, from data to data: it sees frames, the checkpoints it builds on, and the outside only through its context.
/// </summary>
internal abstract class Job(DatasetFrames frames, IReadOnlyDictionary<CheckpointRef, Parent> parents, RunContext context, TimeProvider time, Device device)
{
    /// <summary>How files and figures of a second model are named.</summary>
    protected const string Against = "against";

    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(2);

    /// <summary>Of the weights that were loaded.</summary>
    private readonly HashSet<CheckpointRef> _trainedByCamera = [];

    protected DatasetFrames Frames => frames;

    protected RunContext Context => context;

    protected TimeProvider Time => time;

    protected Device Device => device;

    /// <param name="checkpoint">The run's own, from an attempt before this; null begins at the beginning.</param>
    /// <exception cref="OperationCanceledException">The context asked to stop.</exception>
    public abstract JobOutcome Run(Stream? checkpoint);

    /// <summary>Loads weights that the run builds on. The caller disposes the model.</summary>
    /// <param name="require">What must hold of it; throws a <see cref="CheckpointException"/> where it does not.</param>
    protected TrainedModel Load(CheckpointRef checkpoint, Action<TrainedModel>? require = null)
    {
        using var file = File.OpenRead(parents[checkpoint].File);
        TrainedModel? trained = null;
        try
        {
            trained = parents[checkpoint].Manifest is { } pushed ? PretrainedWeights.Load(pushed, file) : Checkpoint.LoadModel(file, checkpoint.Peer);
            require?.Invoke(trained);
            if (trained.Head?.Spec.CameraBatchNorm is not null)
            {
                _trainedByCamera.Add(checkpoint);
            }

            return trained;
        }
        catch (CheckpointException fault)
        {
            trained?.Dispose();
            throw new CheckpointException($"the checkpoint of {checkpoint}: {fault.Message}", fault);
        }
    }

    /// <summary>Says of which network a fault is.</summary>
    protected static T Of<T>(CheckpointRef checkpoint, Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (BrokenModelException fault)
        {
            throw new BrokenModelException($"{checkpoint}: {fault.Message}", fault);
        }
    }

    /// <summary>All weights that the run builds on, by the place where its spec names them: `$.method.teacher` names a teacher.</summary>
    protected IReadOnlyList<ParentLineage> LineageOf(RunSpec spec) =>
    [
        .. spec.Parents.Select(parent =>
            new ParentLineage(parent.Path[(parent.Path.LastIndexOf('.') + 1)..], parent.Checkpoint, parents[parent.Checkpoint].Sha256)),
    ];

    /// <exception cref="SpecException">The data set cannot be measured by that protocol: better now than after the training.</exception>
    protected void RequireMeasurable(EvaluationSpec spec) => RetrievalSets.Require(spec, frames.Manifest);

    /// <summary>Measures a model while it trains and tells how far that is, and how it came out.</summary>
    protected IReadOnlyList<SettingMetrics> MeasureOnTheWay(ReidModel model, EvaluationSpec spec, InputSpec input, FrameCache cache, long seed)
    {
        using var figures = Measure(model, RetrievalForms.OnTheWay(spec), input, cache, new EvaluationExtras(seed));
        context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Evaluation) { Values = Values(figures.Settings) });
        return figures.Settings;
    }

    /// <summary>Figures that should not be believed.</summary>
    protected IEnumerable<string> MixedStatistics(EvaluationSpec evaluation, params IEnumerable<CheckpointRef?> shown) => evaluation.CameraStatistics is not null
        ? []
        : MixedStatistics("its figures here stand on them and say little of it; measure it with $.evaluation.cameraStatistics (`reid evaluate … --by-camera`)", shown);

    /// <summary>What is kept of a measurement for those who look behind its figures.</summary>
    protected EvaluationExtras ToInspect(EvaluationSpec spec, long seed) => new(seed)
    {
        KeepEmbeddings = true,
        KeptCameras = AttentionPairs.CamerasOf(new SettingItems(frames.Manifest, spec).Queries(spec.Settings[0])),
    };

    /// <summary>Measures a model and tells how far that is. The caller disposes what it gets.</summary>
    /// <param name="place">Which of <paramref name="models"/> models that are measured alike this one is, from 0.</param>
    protected ModelFigures Measure(
        ReidModel model, EvaluationSpec spec, InputSpec input, FrameCache cache, EvaluationExtras extras, int? epoch = null, int place = 0, int models = 1)
    {
        var told = time.GetTimestamp();
        var evaluator = new Evaluator(frames.Manifest, spec, input, cache, device);
        return evaluator.Evaluate(
            model,
            extras with { Beat = context.Beat },
            (done, total) =>
            {
                context.Beat();
                if (time.GetElapsedTime(told) >= TellEvery)
                {
                    (done, total) = (done + (place * total), models * total);
                    told = time.GetTimestamp();
                    context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Evaluation)
                    {
                        Epoch = epoch,
                        Step = done,
                        Steps = total,
                        Message = spec.CameraStatistics is null
                            ? $"{done} of {total} queries and gallery items are embedded"
                            : $"{done} of {total} queries, gallery items and frames for camera statistics have gone through the network",
                    });
                }
            },
            context.Stop);
    }

    /// <summary>Tells how one model came out, or two that were measured alike, and looks behind their figures.</summary>
    /// <param name="sameClasses">Both classifiers tell the same identities apart.</param>
    /// <param name="known">The cameras that the training saw; null where nobody knows.</param>
    protected JobOutcome Reported(
        RunSpec spec, EvaluationSpec evaluation, InspectedModel model, (CheckpointRef Checkpoint, InspectedModel Model)? against, bool sameClasses, IReadOnlySet<int>? known, int? epoch = null)
    {
        var (measured, other) = (model.Measured, against?.Model.Measured);
        context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Evaluation)
        {
            Epoch = epoch,
            Values = new Dictionary<string, double>(Values(measured.Settings).Concat(other is null ? [] : Values(other.Settings, $"{Against}/"))),
        });
        var inspection = new Inspection(frames, evaluation, spec.Seed, device, context.Beat, context.Stop);
        var insights = inspection.Of(model, against?.Model, sameClasses);
        return new JobOutcome(measured.Settings, LineageOf(spec), insights)
        {
            Warnings =
            [
                .. Warnings(measured.Settings), .. measured.SmallCameras, .. measured.Warnings, .. (other?.Warnings ?? []).Select(warning => $"{Against}: {warning}"), .. inspection.Warnings,
            ],
            GalleryCurve = measured.GalleryCurve,
            CameraBias = measured.CameraBias,
            KnownCameras = known is null ? [] : inspection.KnownCameras(model, known),
            ModalityBias = measured.ModalityBias,
            CameraStatistics = measured.CameraStatistics,
            Against = other is null ? null : new MeasuredModel(against!.Value.Checkpoint, other.Settings)
            {
                Differences = Differences(measured, other, spec.Seed),
                GalleryCurve = other.GalleryCurve,
                CameraBias = other.CameraBias,
                ModalityBias = other.ModalityBias,
            },
        };
    }

    /// <summary>Of two models that were measured alike, query by query.</summary>
    protected static IReadOnlyList<PairedDifference> Differences(ModelFigures measured, ModelFigures other, long seed) =>
        [.. measured.Figures.Zip(other.Figures).SelectMany(pair => pair.First.Minus(pair.Second, seed))];

    /// <summary>What a reader of the figures must know about the data they stand on.</summary>
    protected IEnumerable<string> Warnings(IReadOnlyList<SettingMetrics> settings)
    {
        foreach (var finding in frames.Manifest.Diagnosis.Findings.Where(finding => finding.Severity != Datasets.FindingSeverity.Note))
        {
            yield return $"{finding.Code}: {finding.Message}";
        }

        foreach (var setting in settings.Where(setting => setting.Variant is null && (setting.QueriesWithMatch < setting.Queries || setting.Queries == 0)))
        {
            var name = RetrievalTitle.Of(setting);
            yield return setting.QueriesWithMatch > 0
                ? $"{name}: {setting.Queries - setting.QueriesWithMatch} of {setting.Queries} queries have no match in the gallery and are left out of the averages"
                : setting.Queries == 0
                    ? $"{name}: the data set has no such query, so all figures are 0 and say nothing about the model; `reid evaluate RUN --dataset NAME` measures it on another"
                    : $"{name}: none of {setting.Queries} queries has a match among the {setting.Gallery} gallery items, so all figures are 0 and say nothing about the model. "
                        + "Look at the identities and cameras of the data set's query and gallery splits";
        }
    }

    /// <exception cref="SpecException">The weights do not have what the spec compares: with pushed ones, and with those of another run, that is known only now.</exception>
    protected static void RequireFeatures(EvaluationSpec evaluation, CheckpointRef checkpoint, ModelSpec model, bool hasHead)
    {
        var faults = EvaluationRules.Features(evaluation, model, $"the network of {checkpoint}");
        if (evaluation.AfterNeck && !hasHead)
        {
            faults = [.. faults, new SpecError("$.evaluation.afterNeck", $"{checkpoint} have no neck: theirs is drawn at random; leave it out")];
        }

        if (faults.Count > 0)
        {
            throw new SpecException(faults);
        }
    }

    /// <summary>A backbone that is partly drawn, such as one with attention from ImageNet's weights without, is not the network that its name says.</summary>
    protected static IEnumerable<string> Lacking(CheckpointRef checkpoint, TrainedModel trained)
    {
        List<string> drawn =
        [
            .. NetworkEntries.Of(trained.Model.Spec).Where(entry => entry is { IsCounter: false, Part: not NetworkPart.Head }).Select(entry => entry.Name)
                .Intersect(trained.Missing),
        ];
        if (drawn.Count > 0)
        {
            yield return $"{checkpoint} lack {drawn.Count} tensors of the backbone, such as {drawn[0]}: they are random, and all that it finds with them";
        }
    }

    /// <summary>What was trained camera by camera has running batch-norm statistics that nothing should stand on.</summary>
    /// <param name="consequence">What stands on them here, and the remedy.</param>
    protected IEnumerable<string> MixedStatistics(string consequence, params IEnumerable<CheckpointRef?> shown) => shown.OfType<CheckpointRef>().Where(_trainedByCamera.Contains).Select(checkpoint =>
        $"{checkpoint} was trained with cameraBatchNorm, so its running batch-norm statistics are a mixture of cameras: {consequence}");

    /// <summary>Figures as an event tells them.</summary>
    /// <param name="prefix">What their names begin with, where there is another model's.</param>
    protected static Dictionary<string, double> Values(IReadOnlyList<SettingMetrics> settings, string prefix = "")
    {
        var values = new Dictionary<string, double>();
        foreach (var setting in settings)
        {
            var name = $"{prefix}{setting.Name}";
            values[$"{name}/rank1"] = setting.Rank1;
            values[$"{name}/rank5"] = setting.Rank5;
            values[$"{name}/rank10"] = setting.Rank10;
            values[$"{name}/mapTrapezoidal"] = setting.MapTrapezoidal;
            values[$"{name}/mapStandard"] = setting.MapStandard;
            values[$"{name}/minp"] = setting.Minp;
        }

        return values;
    }
}
