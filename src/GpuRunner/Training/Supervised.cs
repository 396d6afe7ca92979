using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>Labels only: how every teacher is made. Spec of VKD §5.</summary>
internal sealed class Supervised(SupervisedSpec spec, ReidModel model) : TrainingMethod
{
    public const string Role = "model";

    private readonly WeightedLosses _losses = new(spec.Losses);

    public override IReadOnlyList<(string Role, ReidModel Model)> Learners { get; } = [(Role, model)];

    public override string ResultRole => Role;

    public override void MoveTo(Device device) => model.to(device);

    public override void BeginTraining() => model.train();

    public override StepLosses Losses(Batch batch, int epoch, int step)
    {
        var output = model.call(batch.Images_BVCHW);
        return _losses.Of(new LossInputs(output.Embedding_BD, output.Logits_BK, batch.Labels_B));
    }

    public override void Dispose() => model.Dispose();
}
