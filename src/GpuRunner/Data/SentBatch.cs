using ReidCloud.Datasets;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>A batch as it travels to the device that makes it: frames that the device lacks, and what is to be made of which frames.</summary>
/// <param name="Frames">What is sent of the frames themselves.</param>
/// <param name="Drawn_NP">What happens to each frame.</param>
/// <param name="Labels_B">The training label of each set.</param>
internal sealed record SentBatch(int Sets, SentFrames Frames, Tensor Drawn_NP, Tensor Labels_B) : IDisposable
{
    /// <summary>By which camera each view was taken. This needs not travel.</summary>
    public required int[] Cameras_BV { get; init; }

    /// <summary>What each of these cameras senses.</summary>
    public required Modality[] Modalities_BV { get; init; }

    /// <summary>Which of the sets that were drawn these are; null: all.</summary>
    public required RemainingSets? Remaining { get; init; }

    public void Dispose()
    {
        Frames.Dispose();
        Drawn_NP.Dispose();
        Labels_B.Dispose();
    }
}

/// <param name="Bytes_MHWC">Frames that the device lacks; null: it has all.</param>
/// <param name="NewPlaces_M">Where they are to be there.</param>
/// <param name="Places_N">Where the batch's frames are then.</param>
internal sealed record SentFrames(Tensor? Bytes_MHWC, long[] NewPlaces_M, Tensor Places_N) : IDisposable
{
    public void Dispose()
    {
        Bytes_MHWC?.Dispose();
        Places_N.Dispose();
    }
}
