using System.Diagnostics;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>Every kind of run and the job that does it.</summary>
internal static class JobRegistry
{
    public static Job Create(
        RunSpec spec, DatasetFrames frames, IReadOnlyDictionary<CheckpointRef, Parent> parents, RunContext context, TimeProvider time, Placement placement) => spec switch
    {
        TrainSpec train => new TrainJob(train, frames, parents, context, time, placement),
        EvaluateSpec evaluate => new EvaluateJob(evaluate, frames, parents, context, time, placement.Main),
        ExplainSpec explain => new ExplainJob(explain, frames, parents, context, time, placement.Main),
        ExportSpec export => new ExportJob(export, frames, parents, context, time, placement.Main),
        _ => throw new UnreachableException($"no job is registered for {spec.GetType().Name}"),
    };
}
