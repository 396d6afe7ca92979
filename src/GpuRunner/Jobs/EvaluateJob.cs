using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>Measures the result of another run, on the data set it was trained on or any other. Frames become what that run's network saw.</summary>
internal sealed class EvaluateJob(
    EvaluateSpec spec, DatasetFrames frames, IReadOnlyDictionary<string, Parent> parents, RunContext context, TimeProvider time, Device device)
    : Job(frames, parents, context, time, device)
{
    public override JobOutcome Run(Stream? checkpoint)
    {
        var (model, head) = Load(spec.Checkpoint, Checkpoint.LoadModel);
        using (model)
        {
            model.to(Device);
            using var cache = Frames.Open(head.Spec.Input);
            var settings = Measure(model, spec.Evaluation, head.Spec.Input, cache);
            return new JobOutcome(settings, [LineageOf("model", spec.Checkpoint)])
            {
                Warnings = [.. Warnings(settings)],
                TrainedOnDatasetHash = head.DatasetHash,
            };
        }
    }
}
