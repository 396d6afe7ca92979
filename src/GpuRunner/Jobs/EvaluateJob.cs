using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>Measures the result of another run, on the data set it was trained on or any other. Frames become what that run's network saw.</summary>
internal sealed class EvaluateJob(
    EvaluateSpec spec, DatasetFrames frames, IReadOnlyDictionary<CheckpointRef, Parent> parents, RunContext context, TimeProvider time, Device device)
    : Job(frames, parents, context, time, device)
{
    public override JobOutcome Run(Stream? checkpoint)
    {
        RequireMeasurable(spec.Evaluation);
        using var trained = Load(spec.Checkpoint);
        var input = spec.Input ?? trained.Input!;
        trained.Model.to(Device);
        using var cache = Frames.Open(input);
        var settings = Measure(trained.Model, spec.Evaluation, input, cache);
        return new JobOutcome(settings, LineageOf(spec))
        {
            Warnings = [.. Warnings(settings)],
            TrainedOnDatasetHash = trained.Head?.DatasetHash,
        };
    }
}
