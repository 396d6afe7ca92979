using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner;

/// <summary>
/// On which devices of this machine a run computes: a training's replicas, or the cameras of its batches, on one each, in turn, or the peers of mutual learning, all else on the first. It is no part of
/// what is asked for.
/// </summary>
internal sealed record Placement(IReadOnlyList<Device> Devices)
{
    public Device Main => Devices[0];

    /// <summary>So many bytes of the first device's memory may hold a data set's frames, where that is no CPU.</summary>
    public long ResidentBytes { get; init; }

    /// <param name="place">From 0.</param>
    public Device OfPeer(int place) => Devices[place % Devices.Count];

    /// <summary>Those that a run has work for.</summary>
    public Placement For(RunSpec spec) => this with
    {
        Devices = [.. Devices.Take(spec switch
        {
            TrainSpec { Method: MutualLearningSpec mutual } => mutual.Peers,
            TrainSpec { CameraBatchNorm: { } byCamera } train => train.Sampling.Identities * train.Sampling.Tracklets * train.Method.SampledViews / byCamera.LeastFrames,
            TrainSpec train => train.Replicas,
            _ => 1,
        })],
    };

    public static implicit operator Placement(Device device) => new([device]);

    /// <summary>As reports name it.</summary>
    public override string ToString() => string.Join(',', Devices);
}
