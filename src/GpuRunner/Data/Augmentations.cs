using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>What happens to one frame: where the crop begins in the padded frame, whether it is mirrored, the erased rectangle (empty: none), and whether it loses its color.</summary>
internal readonly record struct Augmentation(int Top, int Left, bool Mirror, Rectangle Erased, bool Grey = false);

internal readonly record struct Rectangle(int Top, int Left, int Height, int Width);

/// <summary>
/// Training's changes to a frame, in the order of VKD §3.1: pad with black, crop, mirror, normalise, erase with 0; and by spec of MVD §9 between crop and mirror the color is taken from it. Every frame of a
/// set is changed on its own.
/// </summary>
internal sealed class Augmentations(InputSpec input, AugmentationSpec spec)
{
    private const int ErasingAttempts = 10;

    private readonly Normalization _normalization = new(input);

    /// <summary>Whether a frame loses its color is drawn last, so that what has no part in it changes nothing else.</summary>
    /// <param name="modality">What the camera senses that took the frame.</param>
    public Augmentation Draw(RandomStream random, Modality modality) => new(
        random.NextInt((2 * spec.Padding) + 1),
        random.NextInt((2 * spec.Padding) + 1),
        random.NextBool(spec.FlipProbability),
        random.NextBool(spec.ErasingProbability) ? DrawErased(random) : default,
        modality == Modality.Visible && random.NextBool(spec.GreyProbability));

    /// <summary>The frame's changed and normalised pixels, written in one pass, row by row: interleaved bytes in, planes out.</summary>
    public void Apply(Augmentation drawn, ReadOnlySpan<byte> frame_HWC, Span<float> destination_CHW)
    {
        var (height, width) = (input.Height, input.Width);
        var red_HW = destination_CHW[..(height * width)];
        var green_HW = destination_CHW.Slice(height * width, height * width);
        var blue_HW = destination_CHW.Slice(2 * height * width, height * width);

        // Column x of the crop shows column x + left of the frame, from first to last; the rest is padding.
        var left = drawn.Left - spec.Padding;
        var first = Math.Max(0, -left);
        var last = Math.Min(width, width - left);
        Span<byte> grey_WC = drawn.Grey ? stackalloc byte[width * Normalization.Channels] : default;
        for (var row = 0; row < height; row++)
        {
            var source = row + drawn.Top - spec.Padding;
            var red = red_HW.Slice(row * width, width);
            var green = green_HW.Slice(row * width, width);
            var blue = blue_HW.Slice(row * width, width);
            if (source < 0 || source >= height || first >= last)
            {
                Pad(.., red, green, blue);
                continue;
            }

            var from = frame_HWC.Slice(((source * width) + first + left) * Normalization.Channels, (last - first) * Normalization.Channels);
            _normalization.Apply(drawn.Grey ? Grey.Of(from, grey_WC) : from, red[first..last], green[first..last], blue[first..last]);
            Pad(..first, red, green, blue);
            Pad(last.., red, green, blue);
            if (drawn.Mirror)
            {
                red.Reverse();
                green.Reverse();
                blue.Reverse();
            }
        }

        Erase(drawn.Erased, red_HW, width);
        Erase(drawn.Erased, green_HW, width);
        Erase(drawn.Erased, blue_HW, width);
    }

    /// <summary>With black.</summary>
    private void Pad(Range columns, Span<float> red, Span<float> green, Span<float> blue)
    {
        red[columns].Fill(_normalization.Of(0)[0]);
        green[columns].Fill(_normalization.Of(1)[0]);
        blue[columns].Fill(_normalization.Of(2)[0]);
    }

    /// <summary>torchvision 0.4.2 and MindSpore: up to ten attempts at a rectangle smaller than the frame; the ratio is drawn linearly.</summary>
    private Rectangle DrawErased(RandomStream random)
    {
        for (var attempt = 0; attempt < ErasingAttempts; attempt++)
        {
            var area = random.NextDouble(spec.ErasingArea.Min, spec.ErasingArea.Max) * input.Height * input.Width;
            var ratio = random.NextDouble(spec.ErasingAspect.Min, spec.ErasingAspect.Max);
            var (height, width) = Sides(area, ratio);
            if (height < input.Height && width < input.Width)
            {
                return new Rectangle(random.NextInt(input.Height - height + 1), random.NextInt(input.Width - width + 1), height, width);
            }
        }

        return default;
    }

    /// <summary>Spec of VKD §3.1 and of MVD §9, whose height is that of the rounded width.</summary>
    private (int Height, int Width) Sides(double area, double ratio)
    {
        var first = Math.Round(Math.Sqrt(area * ratio));
        return spec.ErasingAspectForm switch
        {
            AspectForm.HeightByWidth => ((int)first, (int)Math.Round(Math.Sqrt(area / ratio))),
            AspectForm.WidthByHeight => ((int)Math.Round(first / ratio), (int)first),
        };
    }

    private static void Erase(Rectangle erased, Span<float> plane_HW, int width)
    {
        for (var row = erased.Top; row < erased.Top + erased.Height; row++)
        {
            plane_HW.Slice((row * width) + erased.Left, erased.Width).Clear();
        }
    }
}
