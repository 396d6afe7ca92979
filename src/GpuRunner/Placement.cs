using static TorchSharp.torch;

namespace ReidCloud.GpuRunner;

/// <summary>
/// On which devices of this machine a run computes: all on the first, but of the peers of mutual learning one on each, in turn. It is no part of what is asked for.
/// </summary>
internal sealed record Placement(IReadOnlyList<Device> Devices)
{
    public Device Main => Devices[0];

    /// <param name="place">From 0.</param>
    public Device OfPeer(int place) => Devices[place % Devices.Count];

    public static implicit operator Placement(Device device) => new([device]);

    /// <summary>As reports name it.</summary>
    public override string ToString() => string.Join(',', Devices);
}
