using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Weights;
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
    private const string Against = "against";

    private (InputSpec Input, FrameCache Frames)? _open;

    public override JobOutcome Run(Stream? checkpoint)
    {
        RequireMeasurable(spec.Evaluation);
        RetrievalSets.RequireMatches(spec.Evaluation, Frames.Manifest);
        RetrievalSets.RequireFrames(spec.GalleryFrames, Frames.Manifest);
        try
        {
            var (first, trainedOn) = Measure(spec.Checkpoint, "", 0);
            var second = spec.Against is null ? null : Measure(spec.Against, $"{Against}-", 1).Figures;
            Context.Tell(new RunEvent(Time.GetUtcNow(), RunEventKind.Evaluation) { Values = Told(first, second) });
            return new JobOutcome(first.Settings, LineageOf(spec))
            {
                Warnings = [.. Warnings(first.Settings), .. first.Warnings, .. (second?.Warnings ?? []).Select(warning => $"{Against}: {warning}")],
                GalleryCurve = first.GalleryCurve,
                CameraBias = first.CameraBias,
                Against = second is null
                    ? null
                    : new MeasuredModel(spec.Against!, second.Settings) { GalleryCurve = second.GalleryCurve, CameraBias = second.CameraBias },
                TrainedOnDatasetHash = trainedOn,
            };
        }
        finally
        {
            _open?.Frames.Dispose();
        }
    }

    private (ModelFigures Figures, string? TrainedOn) Measure(CheckpointRef checkpoint, string filePrefix, int place)
    {
        using var trained = Load(checkpoint);
        var input = spec.Input ?? trained.Input!;
        trained.Model.to(Device);
        var extras = new EvaluationExtras
        {
            GalleryFrames = spec.GalleryFrames,
            CameraBiasSeed = spec.CameraBias ? spec.Seed : null,
            SaveFile = spec.SaveDistances ? Context.SaveFile : null,
            FilePrefix = filePrefix,
        };
        var figures = Of(checkpoint, () => Measure(trained.Model, spec.Evaluation, input, Open(input), extras, place: place, models: spec.Parents.Count));
        return (figures with { Warnings = [.. figures.Warnings, .. Lacking(checkpoint, trained)] }, trained.Head?.DatasetHash);
    }

    /// <summary>A backbone that is partly drawn, such as one with attention from ImageNet's weights without, is not the network that its name says.</summary>
    private static IEnumerable<string> Lacking(CheckpointRef checkpoint, TrainedModel trained)
    {
        List<string> drawn =
        [
            .. NetworkEntries.Of(trained.Model.Spec.Backbone).Where(entry => entry is { IsCounter: false, Part: not NetworkPart.Head }).Select(entry => entry.Name)
                .Intersect(trained.Missing),
        ];
        if (drawn.Count > 0)
        {
            yield return $"{checkpoint} lack {drawn.Count} tensors of the backbone, such as {drawn[0]}: they are random, and the figures with them";
        }
    }

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

    private static Dictionary<string, double> Told(ModelFigures first, ModelFigures? second) =>
        new(Values(first.Settings).Concat(second is null ? [] : Values(second.Settings, $"{Against}/")));
}
