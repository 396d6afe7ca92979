using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>A loss that compares with a teacher.</summary>
internal abstract class DistillationLoss : Loss
{
    protected static Tensor TeacherLogits_BK(LossInputs inputs) => inputs.TeacherLogits_BK ?? throw NoTeacher();

    protected static Tensor TeacherEmbedding_BD(LossInputs inputs) => inputs.TeacherEmbedding_BD ?? throw NoTeacher();

    private static ArgumentException NoTeacher() => new("a distillation loss needs the outputs of a teacher, and this method has none");
}
