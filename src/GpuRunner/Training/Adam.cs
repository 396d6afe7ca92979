using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>Adam with weight decay added to the gradient (Kingma and Ba 2015), as `torch.optim.Adam` computes it.</summary>
internal sealed class Adam(AdamSpec spec, ReidModel model) : Optimizer(spec, model, ["exp_avg", "exp_avg_sq"])
{
    protected override void Update(Tensor parameter, Tensor gradient, ReadOnlySpan<Tensor> slots, long step, double learningRate, double weightDecay)
    {
        var (mean, square) = (slots[0], slots[1]);
        var correction = 1 - Math.Pow(spec.Beta1, step);
        var squareCorrection = Math.Sqrt(1 - Math.Pow(spec.Beta2, step));
        if (weightDecay != 0)
        {
            gradient.add_(parameter, weightDecay);
        }

        mean.mul_(spec.Beta1).add_(gradient, 1 - spec.Beta1);
        square.mul_(spec.Beta2).addcmul_(gradient, gradient, 1 - spec.Beta2);
        var denominator = square.sqrt().div_(squareCorrection).add_(spec.Epsilon);
        parameter.addcdiv_(mean, denominator, -(learningRate / correction));
    }
}
