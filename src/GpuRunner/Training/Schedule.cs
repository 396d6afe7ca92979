using System.Diagnostics;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Training;

/// <summary>The learning rate: a pure function of finished epochs, so that a resumed run needs no schedule state.</summary>
internal static class Schedule
{
    public static double LearningRate(TrainSpec spec, int finishedEpochs) => spec.Optimizer.LearningRate * Warmup(spec.Schedule.Warmup, finishedEpochs) * Factor(spec, finishedEpochs);

    /// <summary>A milestone of m epochs counts from the epoch with index m on.</summary>
    private static double Factor(TrainSpec spec, int finishedEpochs) => spec.Schedule switch
    {
        ConstantSpec => 1,
        MultiStepSpec steps => Math.Pow(steps.Gamma, steps.Milestones.Count(milestone => milestone <= finishedEpochs)),
        ExponentialSpec exponential => Exponential(exponential, spec.Epochs, finishedEpochs + 1),
        CosineSpec cosine => cosine.FinalFactor + ((1 - cosine.FinalFactor) * (1 + Math.Cos(Math.PI * finishedEpochs / spec.Epochs)) / 2),
        _ => throw new UnreachableException($"no schedule is registered for {spec.Schedule.GetType().Name}"),
    };

    /// <summary>Spec of AlignedReID §7, with epochs from 1 on.</summary>
    private static double Exponential(ExponentialSpec schedule, int epochs, int epoch) => epoch < schedule.StartEpoch
        ? 1
        : Math.Pow(schedule.FinalFactor, (double)(epoch + 1 - schedule.StartEpoch) / (epochs + 1 - schedule.StartEpoch));

    /// <summary>As the strong baseline and MVD's code rise, with the epoch counted from 1.</summary>
    private static double Warmup(WarmupSpec? warmup, int finishedEpochs)
    {
        var epoch = finishedEpochs + 1;
        if (warmup is null || epoch >= warmup.Epochs)
        {
            return 1;
        }

        var done = (double)epoch / warmup.Epochs;
        return (warmup.StartFactor * (1 - done)) + done;
    }
}
