using System.Diagnostics;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Training;

/// <summary>Every training method by what asks for it, with its models as they are before the first step.</summary>
internal static class MethodRegistry
{
    /// <summary>
    /// <paramref name="load"/> opens the result of another run, checked to fit this run's data set; the method owns what it returns. All models in
    /// float32 on the CPU.
    /// </summary>
    public static TrainingMethod Create(TrainSpec spec, int identities, Func<CheckpointRef, ReidModel> load)
    {
        switch (spec.Method)
        {
            case SupervisedSpec supervised:
                var model = new ReidModel(spec.Model, identities);
                WeightInit.Draw(model, spec.Seed, Supervised.Role);
                return new Supervised(supervised, model);
            case ViewDistillationSpec distillation:
                var teacher = load(distillation.Teacher);
                return new ViewDistillation(
                    distillation, spec.Seed, teacher, ViewDistillation.NewStudent(distillation, spec.Model, spec.Seed, teacher));
            default:
                throw new UnreachableException($"no method is registered for {spec.Method.GetType().Name}");
        }
    }
}
