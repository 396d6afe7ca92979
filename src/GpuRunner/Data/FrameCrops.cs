using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Parts of frames, cut out of them in their own size and then resized as whole ones are. Spec of AlignedReID §6; its code draws the place from one too few and fails where one side stays whole,
/// here all places are equally likely. A part of a resized frame would be another, blurred part, so the frame is decoded again each time instead of being taken from the cache.
/// </summary>
/// <param name="picture">A frame as the data set has it.</param>
internal sealed class FrameCrops(InputSpec input, AugmentationSpec spec, Func<int, RgbImage> picture)
{
    /// <summary>At the size of the input; null: the whole frame is to be seen.</summary>
    public byte[]? Draw(int frame, RandomStream random) =>
        spec.CropProbability > 0 && random.NextBool(spec.CropProbability) ? FrameLoader.Fit(Cut(picture(frame), random), input) : null;

    private RgbImage Cut(RgbImage whole, RandomStream random)
    {
        var height = Math.Max(1, (int)(whole.Height * random.NextDouble(spec.CropRatio, 1)));
        var width = Math.Max(1, (int)(whole.Width * random.NextDouble(spec.CropRatio, 1)));
        var top = random.NextInt(whole.Height - height + 1);
        var left = random.NextInt(whole.Width - width + 1);
        var part = new byte[height * width * Normalization.Channels];
        for (var row = 0; row < height; row++)
        {
            whole.Pixels.AsSpan((((top + row) * whole.Width) + left) * Normalization.Channels, width * Normalization.Channels).CopyTo(part.AsSpan(row * width * Normalization.Channels));
        }

        return new RgbImage(width, height, part);
    }
}
