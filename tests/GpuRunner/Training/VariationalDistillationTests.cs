using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

public sealed class VariationalDistillationTests : TorchTests
{
    private const DivergenceForm Form = DivergenceForm.KullbackLeibler;

    [Fact]
    public void Each_loss_is_of_the_branches_that_it_is_meant_for()
    {
        using var scope = NewDisposeScope();
        var spec = new TrainSpec("test", TrainingCases.Branched, new VariationalDistillationSpec
        {
            Losses = [new RankSpec(), new OptimalTransportSpec(), new SelfDistillationSpec(), new CrossDistillationSpec(), new MutualDistillationSpec()],
        });
        using var method = TrainingCases.Method(spec);
        using var batches = new NoiseBatches(1, 1);
        using var batch = batches.Load(0, 0);
        var learner = Assert.Single(method.Learners);
        method.BeginTraining();

        learner.BeginStep(1, 0, 0);
        var losses = method.Losses(batch, 0, 0).Terms.ToDictionary(term => term.Name, term => term.Value.to(float64).item<double>());
        learner.BeginStep(1, 0, 0);
        var said = method.Result.call(batch.Images_BVCHW).Branches.ToDictionary(branch => branch.Name);

        var transport = OptimalTransportLoss.Of(Scores(said[BranchOutput.Infrared]), Scores(said[BranchOutput.Visible]));
        Assert.Equal(transport.Cost_B.sum().to(float64).item<double>(), losses["optimal-transport"], 1e-6);
        Assert.Equal(Taught(BranchOutput.Visible, BranchOutput.Visible) + Taught(BranchOutput.Infrared, BranchOutput.Infrared), losses["self-distillation"], 1e-6);
        Assert.Equal((Taught(BranchOutput.SharedColor, BranchOutput.SharedGrey) + Taught(BranchOutput.SharedGrey, BranchOutput.SharedColor)) / 2, losses["cross-distillation"], 1e-6);
        var ranks = said.Values.Sum(branch => (branch.Name.StartsWith("shared", StringComparison.Ordinal) ? 0.25 : 0.5) * (Ranked(branch.ObservationFeature_ND) + Ranked(branch.Z_NZ)));
        Assert.Equal(ranks, losses["rank"], 1e-5);
        Assert.True(losses["mutual-distillation"] > 0);

        double Taught(string by, string whom) => Divergence.Of_B(Form, said[by].ObservationLogits_NK, said[whom].RepresentationLogits_NK).mean().to(float64).item<double>();

        double Ranked(Tensor feature_BD) => new RankLoss(new RankSpec())
            .Of(new LossInputs(feature_BD, feature_BD, batch.Labels_B) { Infrared_B = tensor(new[] { false, true, false, true, false, true }) }).to(float64).item<double>();

        static Tensor Scores(BranchOutput branch) => nn.functional.softmax(branch.ObservationLogits_NK, 1);
    }

    /// <summary>Views of a set are of one tracklet, so of one camera.</summary>
    [Fact]
    public void A_batch_knows_which_sets_infrared_cameras_saw()
    {
        using var scope = NewDisposeScope();
        var batch = new Batch(zeros([3, 2, 3, 8, 8]), tensor(new long[] { 0, 0, 1 }));

        Assert.Null(batch.Infrared_B());
        Assert.Equal(
            [false, true, false],
            (batch with { Modalities_BV = [Modality.Visible, Modality.Visible, Modality.Infrared, Modality.Infrared, Modality.Visible, Modality.Visible] }).Infrared_B()!.data<bool>().ToArray());
    }
}
