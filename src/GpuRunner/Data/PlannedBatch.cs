using ReidCloud.Datasets;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// A batch before its pixels are put together: B sets of V frames each, what happens to each frame, and the training label of each set. All that
/// is random about a batch is in here, so whoever makes a tensor of it, wherever, makes the same one.
/// </summary>
/// <param name="Frames_BV">The frames of the first set, then those of the second, and so on.</param>
internal sealed record PlannedBatch(int Sets, int Views, PlannedFrame[] Frames_BV, long[] Labels_B)
{
    /// <summary>Where sets had to be left out: which of those that were drawn these are. Null: all.</summary>
    public RemainingSets? Remaining { get; init; }

    public int[] Cameras_BV => Array.ConvertAll(Frames_BV, frame => frame.Camera);

    public Modality[] Modalities_BV => Array.ConvertAll(Frames_BV, frame => frame.Modality);
}

/// <summary>One view of a batch.</summary>
/// <param name="Frame">Its index in the manifest.</param>
/// <param name="Camera">Which one took it, of those of the manifest.</param>
/// <param name="Modality">What that one senses.</param>
/// <param name="Part">A part cut out of it, at the size of the input, in its place; null: the whole frame, as the cache has it.</param>
internal readonly record struct PlannedFrame(int Frame, int Camera, Modality Modality, byte[]? Part, Augmentation Augmentation)
{
    /// <summary>The pixels that are to be augmented: interleaved bytes at the size of the input.</summary>
    public ReadOnlySpan<byte> Seen_HWC(FrameCache frames) => Part is { } part ? part : frames.Get(Frame);
}
