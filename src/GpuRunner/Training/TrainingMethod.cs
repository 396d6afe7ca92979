using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Training;

/// <summary>
/// How a batch becomes named losses. A method owns its models, by the roles they play; the trainer knows nothing else of it.
/// </summary>
internal abstract class TrainingMethod : IDisposable
{
    /// <summary>What is optimized and kept in checkpoints.</summary>
    public abstract IReadOnlyList<Learner> Learners { get; }

    /// <summary>The role whose model is the run's result: evaluated, and loaded by other runs.</summary>
    public abstract string ResultRole { get; }

    /// <summary>What a reader of the report must know about how its models start.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The model that the result learned from and that did not learn itself: what the result is compared with. Null where there is none.</summary>
    public virtual (CheckpointRef Checkpoint, ReidModel Model)? Teacher => null;

    public ReidModel Result => Learners.First(learner => learner.Role == ResultRole).Model;

    /// <summary>Moves every model to where it is to compute, before anything else.</summary>
    public virtual void MoveTo(Placement placement)
    {
        foreach (var learner in Learners)
        {
            learner.MoveTo(placement);
        }
    }

    /// <summary>In which numbers every model that takes part in training computes there.</summary>
    public virtual void ComputeIn(Precision precision)
    {
        foreach (var learner in Learners)
        {
            learner.Model.Precision = precision;
        }
    }

    /// <summary>Puts every model into the mode in which it takes part in training.</summary>
    public abstract void BeginTraining();

    /// <summary>The losses of one batch, with the learners' gradients recorded: as far as the learners, who complete them. The position names the step's random numbers.</summary>
    public abstract StepLosses Losses(Batch batch, int epoch, int step);

    public virtual void Dispose()
    {
        foreach (var learner in Learners)
        {
            learner.Dispose();
        }
    }
}
