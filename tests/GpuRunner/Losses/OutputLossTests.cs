using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class OutputLossTests : TorchTests
{
    [Fact]
    public void Of_branches_it_is_the_sum_over_eight_outputs_half_of_a_modalitys_own_and_a_quarter_of_a_shared_pass()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 0, 1, 1, 3 });
        var branches = ModalityCases.RandomBranches(3, 5);
        var inputs = new LossInputs(zeros(5, 1), zeros(5, 1), labels) { Branches = branches };
        foreach (var loss in (Loss[])[new CrossEntropyLoss(new CrossEntropySpec { LabelSmoothing = 0.1 }), new TripletLoss(new TripletSpec { Margin = 0.3 }), new CircleLoss(new CircleSpec())])
        {
            var expected = (0.5 * (Both(branches.Visible) + Both(branches.Infrared))) + (0.25 * (Both(branches.SharedColor) + Both(branches.SharedGrey)));

            Assert.Equal(expected, loss.Of(inputs).item<double>(), 1e-9);

            double Both(LossBranch branch) => Value(branch.Observation) + Value(branch.Representation);

            double Value(LossOutput output) => loss.Of(new LossInputs(output.Feature_BD, output.Logits_BK, labels)).item<double>();
        }
    }

    /// <summary>Spec of MVD §16.</summary>
    [Fact]
    public void Triplets_and_class_scores_give_MVDs_check_values()
    {
        using var scope = NewDisposeScope();
        var logits = LossCases.Inputs(ModalityCases.A, [0, 3, 5, 2]);

        Assert.Equal(2.101292, new TripletLoss(new TripletSpec { Margin = 0.3 }).Of(ModalityCases.CheckInputs()).item<double>(), 1e-6);
        Assert.Equal(1.790803, new CrossEntropyLoss(new CrossEntropySpec { LabelSmoothing = 0.1 }).Of(logits).item<double>(), 1e-6);
        Assert.Equal(1.768964, new CrossEntropyLoss(new CrossEntropySpec()).Of(logits).item<double>(), 1e-6);
    }
}
