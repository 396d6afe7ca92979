using System.Diagnostics;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Training;

/// <summary>The learning rate: a pure function of finished epochs, so that a resumed run needs no schedule state.</summary>
internal static class Schedule
{
    public static double LearningRate(TrainSpec spec, int finishedEpochs) => spec.Optimizer.LearningRate * Factor(spec.Schedule, finishedEpochs);

    /// <summary>A milestone of m epochs counts from the epoch with index m on.</summary>
    private static double Factor(ScheduleSpec schedule, int finishedEpochs) => schedule switch
    {
        ConstantSpec => 1,
        MultiStepSpec steps => Math.Pow(steps.Gamma, steps.Milestones.Count(milestone => milestone <= finishedEpochs)),
        _ => throw new UnreachableException($"no schedule is registered for {schedule.GetType().Name}"),
    };
}
