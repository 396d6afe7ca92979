using ReidCloud.Datasets;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// What one training step sees: B sets of V frames each, normalised, float32 (B items, V views, C channels, H × W pixels), and the training label
/// of each set, int64. Whoever loads a batch disposes it.
/// </summary>
internal sealed record Batch(Tensor Images_BVCHW, Tensor Labels_B) : IDisposable
{
    /// <summary>By which camera, of those of the manifest, each view was taken: of the first set's views, then of the second's. Here, not on a device: nobody waits to read it. Empty where nobody said.</summary>
    public int[] Cameras_BV { get; init; } = [];

    /// <summary>What each of these cameras senses.</summary>
    public Modality[] Modalities_BV { get; init; } = [];

    /// <summary>Where sets had to be left out: which of those that were drawn these are. Null: all.</summary>
    public RemainingSets? Remaining { get; init; }

    /// <summary>Which sets infrared cameras saw, of each by its first view: bool, where the labels are. Null where nobody said. The caller disposes it.</summary>
    public Tensor? Infrared_B()
    {
        if (Modalities_BV is [])
        {
            return null;
        }

        var views = Modalities_BV.Length / (int)Labels_B.shape[0];
        bool[] infrared_B = [.. Modalities_BV.Chunk(views).Select(set => set[0] == Modality.Infrared)];
        return Upload.To(Labels_B.device, tensor(infrared_B));
    }

    /// <summary>How many frames it holds.</summary>
    public long Frames => Images_BVCHW.shape[0] * Images_BVCHW.shape[1];

    public void Dispose()
    {
        Images_BVCHW.Dispose();
        Labels_B.Dispose();
    }
}
