using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Room for some features as a product takes them, the same for one block after the other: where a process keeps its heap (<see cref="KeptMemory"/>), a freed block of this size is
/// cut up by small ones and not found again.
/// </summary>
internal sealed class FeatureBlock : IDisposable
{
    private Tensor? _single_ND;
    private Tensor? _double_ND;

    /// <summary>These features by their lengths and as seen from the origin, float32, until the next block is asked for; themselves where there is neither.</summary>
    /// <param name="length_N1">In double precision where there is an origin.</param>
    public Tensor Of(Tensor feature_ND, Tensor? length_N1, Tensor? origin_D) => (length_N1, origin_D) switch
    {
        (null, null) => feature_ND,
        (null, { } origin) => Room(ref _single_ND, feature_ND, float32).copy_(feature_ND).sub_(origin),
        ({ } length, null) => Room(ref _single_ND, feature_ND, float32).copy_(feature_ND).div_(length),
        ({ } length, { } origin) => Room(ref _single_ND, feature_ND, float32).copy_(Room(ref _double_ND, feature_ND, float64).copy_(feature_ND).div_(length).sub_(origin)),
    };

    /// <summary>Their squared lengths.</summary>
    public float[] Squares(Tensor feature_ND)
    {
        var squared_ND = Room(ref _single_ND, feature_ND, float32).copy_(feature_ND);
        return squared_ND.mul_(squared_ND).sum([1]).cpu().data<float>().ToArray();
    }

    public void Dispose()
    {
        _single_ND?.Dispose();
        _double_ND?.Dispose();
    }

    private static Tensor Room(ref Tensor? room_ND, Tensor feature_ND, ScalarType type)
    {
        if (room_ND is null || room_ND.shape[0] < feature_ND.shape[0])
        {
            room_ND?.Dispose();
            room_ND = empty(feature_ND.shape, type, feature_ND.device).DetachFromDisposeScope();
        }

        return room_ND.narrow(0, 0, feature_ND.shape[0]);
    }
}
