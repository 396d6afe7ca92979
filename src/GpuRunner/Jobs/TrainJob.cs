using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Insights;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>Trains a model by the method of the spec, from the beginning or from a checkpoint, and measures it; its teacher, where it has one, beside it.</summary>
internal sealed class TrainJob(
    TrainSpec spec, DatasetFrames frames, IReadOnlyDictionary<CheckpointRef, Parent> parents, RunContext context, TimeProvider time, Device device)
    : Job(frames, parents, context, time, device)
{
    public override JobOutcome Run(Stream? checkpoint)
    {
        var manifest = Frames.Manifest;
        RequireMeasurable(spec.Evaluation);
        IReadOnlyList<string> identities = [.. manifest.TrainingIdentities.Select(identity => manifest.Identities[identity])];
        using var cache = Frames.Open(spec.Input);
        using var batches = new BatchLoader(spec, manifest, cache, Frames.Picture);
        using var method = MethodRegistry.Create(
            spec,
            identities.Count,
            (weights, role) => Load(weights, role is null ? null : trained => trained.RequireIdentities(role, manifest.Hash, identities)));
        var trainer = new Trainer(spec, method, batches, manifest.Hash, identities, Context, Time, Device);
        var trained = trainer.Run(checkpoint, model => Measure(model, spec.Evaluation, spec.Input, cache, spec.Seed));
        var models = method.Teacher is null ? 1 : 2;
        using var result = Measured(method.Result, cache, 0, models);
        using var teacher = method.Teacher is { } known ? Of(known.Checkpoint, () => Measured(known.Model, cache, 1, models)) : null;
        var against = teacher is null ? default((CheckpointRef, InspectedModel)?) : (method.Teacher!.Value.Checkpoint, teacher);

        // A teacher must have learned the very identities of the run, or it could not teach.
        var outcome = Reported(spec, spec.Evaluation, result, against, sameClasses: true, spec.Epochs);
        return outcome with
        {
            Losses = trained.Losses,
            History = trained.Evaluations,
            Warnings = [.. outcome.Warnings, .. HeldBack(), .. Unused(identities.Count), .. method.Warnings],
            TrainingImagesPerSecond = trained.ImagesPerSecond,
            TrainedOnDatasetHash = manifest.Hash,
        };
    }

    private InspectedModel Measured(ReidModel model, FrameCache cache, int place, int models)
    {
        var extras = new EvaluationExtras(spec.Seed) { KeepEmbeddings = true };
        return new InspectedModel(model, spec.Input, Measure(model, spec.Evaluation, spec.Input, cache, extras, spec.Epochs, place, models), HasClassifier: true);
    }

    /// <summary>Figures of a validation part are not those of the test.</summary>
    private IEnumerable<string> HeldBack()
    {
        if (spec.Validation is not null)
        {
            var counts = Frames.Manifest.Diagnosis;
            yield return $"measured on {counts.Query.Identities} training identities that were held back ({counts.Query.Tracklets} queries, {counts.Gallery.Tracklets} in the gallery), and trained on the other "
                + $"{counts.Train.Identities}: `reid evaluate` measures on the data set's own test";
        }
    }

    private IEnumerable<string> Unused(int identities)
    {
        var left = identities % spec.Sampling.Identities;
        if (left > 0)
        {
            yield return $"each epoch leaves {left} of {identities} identities out, others every time: {spec.Sampling.Identities} make a batch";
        }
    }
}
