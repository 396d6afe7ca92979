using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// What one training step sees: B sets of V frames each, normalised, float32 (B items, V views, C channels, H × W pixels), and the training label
/// of each set, int64. Whoever loads a batch disposes it.
/// </summary>
internal sealed record Batch(Tensor Images_BVCHW, Tensor Labels_B) : IDisposable
{
    /// <summary>How many frames it holds.</summary>
    public long Frames => Images_BVCHW.shape[0] * Images_BVCHW.shape[1];

    public void Dispose()
    {
        Images_BVCHW.Dispose();
        Labels_B.Dispose();
    }
}
