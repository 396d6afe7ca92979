using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Training;

/// <summary>
/// Multi-view variational distillation (Tian et al., CVPR 2021): one network, all of whose branches see every image, whatever its modality, and learn from the labels and from each other. Spec of MVD §2, §5–§7.
/// </summary>
internal sealed class VariationalDistillation(VariationalDistillationSpec spec, ReidModel model, BatchDivision? division = null) : TrainingMethod
{
    public const string Role = "model";

    private readonly Learner _learner = new(Role, model, spec.Losses, division);

    public override IReadOnlyList<Learner> Learners => [_learner];

    public override string ResultRole => Role;

    public override void BeginTraining() => model.train();

    public override StepLosses Losses(Batch batch, int epoch, int step)
    {
        var output = _learner.Call(batch);
        return _learner.Losses.Of(new LossInputs(output.Embedding_BD, output.Logits_BK, batch.Labels_B)
        {
            Infrared_B = batch.Infrared_B(),
            Branches = new LossBranches(
                Said(output, BranchOutput.Visible), Said(output, BranchOutput.Infrared), Said(output, BranchOutput.SharedColor), Said(output, BranchOutput.SharedGrey)),
        });
    }

    /// <summary>A set is one image, so what is said of images is said of sets.</summary>
    private static LossBranch Said(ModelOutput output, string name)
    {
        var branch = output.Branches.Single(one => one.Name == name);
        return new LossBranch(new LossOutput(branch.ObservationFeature_ND, branch.ObservationLogits_NK), new LossOutput(branch.Z_NZ, branch.RepresentationLogits_NK));
    }
}
