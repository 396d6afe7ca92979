using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Insights;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>
/// Measures the weights of another run, or pushed ones, on the data set they were trained on or any other, and others beside them in the same way. Frames
/// become what each network saw in its training. Nothing is kept on the way: another attempt begins again and comes to the same figures.
/// </summary>
internal sealed class EvaluateJob(
    EvaluateSpec spec, DatasetFrames frames, IReadOnlyDictionary<CheckpointRef, Parent> parents, RunContext context, TimeProvider time, Device device)
    : Job(frames, parents, context, time, device)
{
    private (InputSpec Input, FrameCache Frames)? _open;

    public override JobOutcome Run(Stream? checkpoint)
    {
        RequireMeasurable(spec.Evaluation);
        RetrievalSets.RequireMatches(spec.Evaluation, Frames.Manifest);
        RetrievalSets.RequireFrames(spec.GalleryFrames, Frames.Manifest);
        try
        {
            using var trained = Load(spec.Checkpoint);
            using var otherTrained = spec.Against is null ? null : Load(spec.Against);
            RequireFeatures(spec.Evaluation, spec.Checkpoint, trained.Model.Spec, trained.HasHead);
            if (otherTrained is not null)
            {
                RequireFeatures(spec.Evaluation, spec.Against!, otherTrained.Model.Spec, otherTrained.HasHead);
            }

            using var model = Measure(trained, spec.Checkpoint, "", 0);
            using var other = otherTrained is null ? null : Measure(otherTrained, spec.Against!, $"{Against}-", 1);
            var against = other is null ? default((CheckpointRef, InspectedModel)?) : (spec.Against!, other);
            var outcome = Reported(spec, spec.Evaluation, model, against, KnowTheSame(trained, otherTrained), KnownCameras.Of(Frames.Manifest, trained)) with { TrainedOnDatasetHash = trained.Head?.DatasetHash };
            return outcome with { Warnings = [.. MixedStatistics(spec.Evaluation, spec.Checkpoint, spec.Against), .. outcome.Warnings] };
        }
        finally
        {
            _open?.Frames.Dispose();
        }
    }

    private InspectedModel Measure(TrainedModel trained, CheckpointRef checkpoint, string filePrefix, int place)
    {
        var input = spec.Input ?? trained.Input!;
        trained.Model.MoveTo(Device);
        var extras = ToInspect(spec.Evaluation, spec.Seed) with
        {
            GalleryFrames = spec.GalleryFrames,
            CameraBias = spec.CameraBias,
            SaveFile = spec.SaveDistances ? Context.SaveFile : null,
            FilePrefix = filePrefix,
        };
        var figures = Of(checkpoint, () => Measure(trained.Model, spec.Evaluation, input, Open(input), extras, place: place, models: spec.Parents.Count));
        return new InspectedModel(trained.Model, input, figures with { Warnings = [.. figures.Warnings, .. Lacking(checkpoint, trained)] }, trained.HasHead);
    }

    /// <summary>Whether both classifiers are known to tell the same identities apart, in the same order. Pushed weights do not tell.</summary>
    private static bool KnowTheSame(TrainedModel trained, TrainedModel? other) =>
        other?.Head is { } head && trained.Tells(head.DatasetHash, head.Identities);

    /// <summary>Two networks that see the same share the decoded frames.</summary>
    private FrameCache Open(InputSpec input)
    {
        if (_open?.Input != input)
        {
            _open?.Frames.Dispose();
            _open = (input, Frames.Open(input));
        }

        return _open!.Value.Frames;
    }
}
