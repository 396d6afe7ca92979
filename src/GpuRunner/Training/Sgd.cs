using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>Stochastic gradient descent with momentum and weight decay, as `torch.optim.SGD` computes it.</summary>
internal sealed class Sgd(SgdSpec spec, ReidModel model) : Optimizer(spec, model, spec.Momentum == 0 ? [] : ["momentum_buffer"])
{
    protected override void Update(Tensor parameter, Tensor gradient, ReadOnlySpan<Tensor> slots, long step, double learningRate, double weightDecay)
    {
        if (weightDecay != 0)
        {
            gradient.add_(parameter, weightDecay);
        }

        if (slots.Length > 0)
        {
            var momentum = slots[0];
            if (step == 1)
            {
                momentum.copy_(gradient);
            }
            else
            {
                momentum.mul_(spec.Momentum).add_(gradient);
            }

            gradient = spec.Nesterov ? gradient.add_(momentum, spec.Momentum) : momentum;
        }

        parameter.add_(gradient, -learningRate);
    }
}
