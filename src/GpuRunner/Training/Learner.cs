using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>A model that is optimized, the role it plays, and by which losses. It owns both.</summary>
internal sealed class Learner(string role, ReidModel model, IReadOnlyList<LossSpec> losses) : IDisposable
{
    public string Role => role;

    public ReidModel Model => model;

    public WeightedLosses Losses { get; } = new(losses, model.Identities, model.FeatureDim);

    /// <summary>Where it computes.</summary>
    public Device Device { get; private set; } = CPU;

    public void MoveTo(Device device)
    {
        Device = device;
        model.to(device);
        Losses.MoveTo(device);
    }

    public void Dispose()
    {
        model.Dispose();
        Losses.Dispose();
    }
}
