using System.Diagnostics;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Training;

/// <summary>Every training method by what asks for it, with its models as they are before the first step.</summary>
internal static class MethodRegistry
{
    /// <summary>All models in float32 on the CPU; the method owns them.</summary>
    /// <exception cref="SpecException">The spec asks for what the loaded weights cannot give.</exception>
    public static TrainingMethod Create(TrainSpec spec, int identities, LoadWeights load)
    {
        switch (spec.Method)
        {
            case SupervisedSpec supervised:
                var fresh = StartingWeights.Fresh(spec, Supervised.Role, identities, load);
                return new Supervised(supervised, fresh.Model) { Warnings = fresh.Warnings };
            case ViewDistillationSpec distillation:
                var teacher = load(distillation.Teacher, ViewDistillation.TeacherRole).Model;
                try
                {
                    var student = StartingWeights.Student(spec, distillation, teacher, load);
                    return new ViewDistillation(distillation, spec.Seed, teacher, student.Model) { Warnings = student.Warnings };
                }
                catch
                {
                    teacher.Dispose();
                    throw;
                }

            default:
                throw new UnreachableException($"no method is registered for {spec.Method.GetType().Name}");
        }
    }
}
