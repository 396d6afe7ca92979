using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>A model that is optimized, the role it plays, by which losses, and in which parts a batch goes through it. It owns both.</summary>
internal sealed class Learner(string role, ReidModel model, IReadOnlyList<LossSpec> losses, BatchDivision? division = null) : IDisposable
{
    private readonly DataParallel _parallel = new(model, division ?? 1);

    public string Role => role;

    public ReidModel Model => model;

    public WeightedLosses Losses { get; } = new(losses, model.Identities, model.FeatureDim);

    /// <summary>Where the model is, and its losses are computed.</summary>
    public Device Device => _parallel.Device;

    public void MoveTo(Placement placement)
    {
        _parallel.MoveTo(placement);
        Losses.MoveTo(placement.Main);
    }

    /// <summary>Names the step that comes, of whose name the model draws what it draws.</summary>
    public void BeginStep(long seed, int epoch, int step) => _parallel.BeginStep(new StepName(seed, role, epoch, step));

    /// <summary>What it says of a batch while it learns.</summary>
    public ModelOutput Call(Batch batch) => _parallel.Call(batch.Images_BVCHW, batch.Cameras_BV);

    /// <summary>Completes the model's gradients after the losses' own.</summary>
    public void Backward() => _parallel.Backward();

    public void Dispose()
    {
        _parallel.Dispose();
        Losses.Dispose();
    }
}
