using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Which items are embedded together: those of a split, each as an image or as a video of so many frames.</summary>
internal readonly record struct ItemSet(Split Split, Medium Medium, int Frames)
{
    /// <param name="framesPerVideo">Says nothing of an image.</param>
    public static ItemSet Of(Split split, Medium medium, int framesPerVideo) => new(split, medium, medium == Medium.Image ? 1 : framesPerVideo);

    /// <summary>For people: `query images`, `gallery videos of 8 frames`.</summary>
    public string Title => $"{NameConverterFactory.NameOf(Split)} {(Medium == Medium.Image ? "images" : $"videos of {Frames} {(Frames == 1 ? "frame" : "frames")}")}";
}
