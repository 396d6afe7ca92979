using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.GpuRunner;

/// <summary>What kind of failure an exception of a job is.</summary>
internal static class FailureCauses
{
    public static FailureCause Of(Exception fault) => fault switch
    {
        SpecException => FailureCause.BadSpec,
        CheckpointException or FrameException or ArchiveException or BrokenModelException => FailureCause.BadData,
        TrainingDivergedException => FailureCause.Diverged,
        TooManyAttemptsException => FailureCause.Infrastructure,
        OutOfMemoryException => FailureCause.OutOfMemory,
        _ => FailureCause.Fault,
    };
}
