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
                return new Supervised(supervised, fresh.Model, BatchDivision.Of(spec)) { Warnings = fresh.Warnings };
            case ViewDistillationSpec distillation:
                var teacher = load(distillation.Teacher, ViewDistillation.TeacherRole).Model;
                try
                {
                    var student = StartingWeights.Student(spec, distillation, teacher, load);
                    return new ViewDistillation(distillation, spec.Seed, teacher, student.Model, BatchDivision.Of(spec)) { Warnings = student.Warnings };
                }
                catch
                {
                    teacher.Dispose();
                    throw;
                }

            case MutualLearningSpec mutual:
                return Mutual(spec, mutual, identities, load);

            case VariationalDistillationSpec variational:
                var branched = StartingWeights.Fresh(spec, VariationalDistillation.Role, identities, load);
                return new VariationalDistillation(variational, branched.Model, BatchDivision.Of(spec)) { Warnings = branched.Warnings };

            default:
                throw new UnreachableException($"no method is registered for {spec.Method.GetType().Name}");
        }
    }

    /// <summary>All peers begin with the same initial weights; what is drawn, each draws from the streams of its role.</summary>
    private static MutualLearning Mutual(TrainSpec spec, MutualLearningSpec mutual, int identities, LoadWeights load)
    {
        var peers = new List<StartedModel>();
        try
        {
            for (var peer = 1; peer <= mutual.Peers; peer++)
            {
                peers.Add(StartingWeights.Fresh(spec, MutualLearningSpec.RoleOf(peer), identities, load));
            }

            return new MutualLearning(mutual, [.. peers.Select(peer => peer.Model)], BatchDivision.Of(spec)) { Warnings = peers[0].Warnings };
        }
        catch
        {
            peers.ForEach(peer => peer.Model.Dispose());
            throw;
        }
    }
}
