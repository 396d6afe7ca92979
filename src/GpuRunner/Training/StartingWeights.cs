using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Training;

/// <summary>
/// Loads weights that a method builds on, in float32 on the CPU; who asks disposes them. <paramref name="role"/> is the role of a network whose class
/// scores must mean this run's identities, null where only its backbone is wanted.
/// </summary>
internal delegate TrainedModel LoadWeights(CheckpointRef checkpoint, string? role);

/// <summary>A network before its first step, and what a reader of the report must know about its start.</summary>
internal sealed record StartedModel(ReidModel Model, IReadOnlyList<string> Warnings);

/// <summary>
/// Where a network stands before its first step: loaded, copied or drawn. The head of what starts afresh is always drawn. Spec of VKD §5, §6. All in
/// float32 on the CPU.
/// </summary>
internal static class StartingWeights
{
    /// <summary>A network that knows nothing of this data set: its backbone from the initial weights where the spec names them.</summary>
    /// <exception cref="SpecException">The initial weights are of another backbone.</exception>
    public static StartedModel Fresh(TrainSpec spec, string role, int identities, LoadWeights load)
    {
        using var initial = Initial(spec, load);
        return Afresh(ReidModel.Of(spec.Model, identities), spec.Seed, role, initial, _ => true);
    }

    /// <summary>
    /// A student that has not learned yet: a copy of what <see cref="ViewDistillationSpec.Student"/> names, or else of its teacher, with the last stage and
    /// the head afresh where the spec says so. A student with another backbone than its teacher and no start of its own is a fresh network.
    /// </summary>
    /// <exception cref="SpecException">The spec asks for what these networks cannot give.</exception>
    public static StartedModel Student(TrainSpec spec, ViewDistillationSpec method, ReidModel teacher, LoadWeights load)
    {
        StartRules.RequireTeacher(spec, method, teacher.Spec);
        if (method.Student is null && teacher.Spec.Backbone != spec.Model.Backbone)
        {
            return Fresh(spec, ViewDistillation.Role, teacher.Identities, load);
        }

        using var own = method.Student is null ? null : load(method.Student, ViewDistillation.Role);
        var original = own?.Model ?? teacher;
        StartRules.RequireStudent(spec.Model, method, original.Spec);
        using var initial = Initial(spec, load);
        var student = ReidModel.Of(spec.Model, teacher.Identities);
        student.CopyFrom(original, name => !method.ReinitializeLastStage || !student.IsReinitialized(name));
        var keepsLastStage = !method.ReinitializeLastStage || !StartRules.HasLastStage(spec.Model.Backbone);
        var warnings = keepsLastStage && (spec.Model.LastStride, spec.Model.FinalRelu) != (original.Spec.LastStride, original.Spec.FinalRelu) ? [Differs(spec.Model, original.Spec)] : (IReadOnlyList<string>)[];
        var started = method.ReinitializeLastStage
            ? Afresh(student, spec.Seed, ViewDistillation.Role, initial, student.IsReinitialized)
            : new StartedModel(student, []);
        return started with { Warnings = [.. warnings, .. started.Warnings] };
    }

    private static string Differs(ModelSpec student, ModelSpec original) =>
        $"the student keeps the last stage of a network that computes another with the same weights: lastStride {student.LastStride} and finalRelu"
        + $" {(student.FinalRelu ? "true" : "false")} against {original.LastStride} and {(original.FinalRelu ? "true" : "false")} there";

    private static TrainedModel? Initial(TrainSpec spec, LoadWeights load)
    {
        if (spec.InitialWeights is null)
        {
            return null;
        }

        var initial = load(spec.InitialWeights, null);
        try
        {
            StartRules.RequireInitial(spec.Model, initial.Model.Spec.Backbone);
            return initial;
        }
        catch
        {
            initial.Dispose();
            throw;
        }
    }

    private static StartedModel Afresh(ReidModel model, long seed, string role, TrainedModel? initial, Func<string, bool> which)
    {
        WeightInit.Draw(model, seed, role, which);
        return new StartedModel(model, initial is null ? [] : PretrainedWeights.CopyBackbone(initial, model, which));
    }
}
