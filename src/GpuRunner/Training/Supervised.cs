using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Training;

/// <summary>Labels only: how every teacher is made. Spec of VKD §5.</summary>
internal sealed class Supervised(SupervisedSpec spec, ReidModel model, BatchDivision? division = null) : TrainingMethod
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
            Local_BHC = output.Local_BHC,
            Infrared_B = batch.Infrared_B(),
        });
    }
}
