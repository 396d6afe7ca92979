using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>Matches softened class scores of student and teacher: T² · KL(teacher ‖ student). Hinton et al. 2015; spec of VKD §4.3.</summary>
internal sealed class LogitDistillationLoss(LogitDistillationSpec spec) : DistillationLoss
{
    public override Tensor Terms_B(LossInputs inputs)
    {
        var student_BK = nn.functional.log_softmax(inputs.Logits_BK / spec.Temperature, 1);
        var teacher_BK = nn.functional.softmax(TeacherLogits_BK(inputs) / spec.Temperature, 1);
        return nn.functional.kl_div(student_BK, teacher_BK, log_target: false, nn.Reduction.None).sum(1) * (spec.Temperature * spec.Temperature);
    }
}
