using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// Entropic optimal transport (Cuturi 2013) between a batch of class scores of the infrared branch and the same of the visible branch, each set weighing the same, at the cost |p_i − q_j|². By Sinkhorn's
/// iterations on logarithms, which are a part of what is differentiated. Spec of MVD §7.3.
/// </summary>
internal sealed class OptimalTransportLoss : Loss
{
    private const double Regularization = 0.01;
    private const int MostIterations = 100;
    private const double StillMoving = 0.1;

    /// <summary>Added under logarithms: of the sets' weights, and of the sums of exponentials.</summary>
    private const double WeightFloor = 1e-8;
    private const double SumFloor = 1e-6;

    public override Tensor Terms_B(LossInputs inputs)
    {
        var branches = inputs.RequireBranches();
        var transport = Of(Scores(branches.Infrared), Scores(branches.Visible));
        return transport.Cost_B * transport.Cost_B.shape[0];

        static Tensor Scores(LossBranch branch) => nn.functional.softmax(branch.Observation.Logits_BK, 1);
    }

    /// <summary>What is paid for each of the first B rows, which together are the whole cost, and after how many iterations.</summary>
    public static (Tensor Cost_B, int Iterations) Of(Tensor from_BK, Tensor to_BK)
    {
        var cost_BB = (from_BK.unsqueeze(1) - to_BK.unsqueeze(0)).pow(2).sum(2);
        var weight = Math.Log((1.0 / from_BK.shape[0]) + WeightFloor);
        var (u_B, v_B) = (zeros_like(cost_BB.select(1, 0)), zeros_like(cost_BB.select(1, 0)));
        for (var iteration = 1; ; iteration++)
        {
            var before_B = u_B;
            u_B = ((weight - LogSum(Plan(u_B, v_B), 1)) * Regularization) + u_B;
            v_B = ((weight - LogSum(Plan(u_B, v_B), 0)) * Regularization) + v_B;
            if (iteration == MostIterations || !IsStillMoving(before_B, u_B))
            {
                return ((Plan(u_B, v_B).exp() * cost_BB).sum(1), iteration);
            }
        }

        Tensor Plan(Tensor row_B, Tensor column_B) => (row_B.unsqueeze(1) + column_B.unsqueeze(0) - cost_BB) / Regularization;

        static Tensor LogSum(Tensor plan_BB, long axis) => (plan_BB.exp().sum(axis) + SumFloor).log();
    }

    /// <summary>The one number that an iteration waits for where a device computes. What is no number counts as moving, and the loss shows it.</summary>
    private static bool IsStillMoving(Tensor before_B, Tensor after_B) => !((after_B - before_B).detach().abs().sum().to(float64).item<double>() < StillMoving);
}
