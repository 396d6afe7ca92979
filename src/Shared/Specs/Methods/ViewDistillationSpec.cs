namespace ReidCloud.Specs;

/// <summary>
/// Views knowledge distillation, stage two (Porrello et al., ECCV 2020): the frozen teacher sees <see cref="TeacherViews"/> frames of
/// an identity, the student a random <see cref="StudentViews"/> of the very same tensors. Spec of VKD §6.
/// </summary>
public sealed record ViewDistillationSpec(CheckpointRef Teacher, int TeacherViews = 8, int StudentViews = 2) : MethodSpec
{
    /// <summary>
    /// What the student starts from: the first-stage checkpoint of its own backbone, for a teacher of another (cross-distillation). Left out: the teacher's
    /// copy, or nothing learned where the backbones differ.
    /// </summary>
    public CheckpointRef? Student { get; init; }

    /// <summary>Start the student's last stage and head afresh instead of from what it starts from (`reinit_l4`).</summary>
    public bool ReinitializeLastStage { get; init; } = true;

    public override IReadOnlyList<LossSpec> Losses { get; init; } =
        [new TripletSpec(), new CrossEntropySpec(), new DistancePreservationSpec(), new LogitDistillationSpec()];

    public override int SampledViews => TeacherViews;

    public override IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Parents =>
        Student is null ? [("$.method.teacher", Teacher)] : [("$.method.teacher", Teacher), ("$.method.student", Student)];
}
