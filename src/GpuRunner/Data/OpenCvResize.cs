using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Resizes interleaved RGB as OpenCV's resize with INTER_LINEAR does, byte for byte (4.6.0, modules/imgproc/src/resize.cpp): between the pixels around a half-pixel center, whatever the scale, so
/// without antialiasing; weights have 11 bits; the width first, then the height, where each of the two rows loses its last bits on its own. (Half of both
/// sides, which OpenCV does by another piece of code, comes to the same bytes.)
/// </summary>
public static class OpenCvResize
{
    private const int Channels = 3;
    private const int One = 1 << 11;

    public static void Resize(ReadOnlySpan<byte> rgb, int width, int height, Span<byte> destination, int newWidth, int newHeight, ResizeFilter filter)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(filter, ResizeFilter.OpenCvBilinear);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(newWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(newHeight);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, checked(width * height * Channels), nameof(rgb));
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, checked(newWidth * newHeight * Channels), nameof(destination));
        if (width == newWidth && height == newHeight)
        {
            rgb.CopyTo(destination);
        }
        else
        {
            Interpolate(rgb, width, height, newWidth, newHeight, destination);
        }
    }

    private static void Interpolate(ReadOnlySpan<byte> rgb, int width, int height, int newWidth, int newHeight, Span<byte> resized)
    {
        var columns = Weights(width, newWidth, atEdges: true);
        var rows = Weights(height, newHeight, atEdges: false);
        var stride = newWidth * Channels;
        var (upper, lower) = (new Row(stride), new Row(stride));
        for (var y = 0; y < newHeight; y++)
        {
            var (first, weight, next) = rows[y];
            var (above, below) = (Math.Clamp(first, 0, height - 1), Math.Clamp(first + 1, 0, height - 1));
            if (lower.Source == above)
            {
                (upper, lower) = (lower, upper);
            }

            Stretch(rgb, width, above, columns, upper);
            Stretch(rgb, width, below, columns, lower);
            var to = resized.Slice(y * stride, stride);
            for (var x = 0; x < stride; x++)
            {
                to[x] = (byte)((((weight * (upper.Values[x] >> 4)) >> 16) + ((next * (lower.Values[x] >> 4)) >> 16) + 2) >> 2);
            }
        }
    }

    /// <summary>One row in its new width, times 2048.</summary>
    private static void Stretch(ReadOnlySpan<byte> rgb, int width, int source, (int First, int Weight, int Next)[] columns, Row row)
    {
        if (row.Source == source)
        {
            return;
        }

        row.Source = source;
        var from = rgb.Slice(source * width * Channels, width * Channels);
        foreach (var (x, (first, weight, next)) in columns.Index())
        {
            var (left, right) = (first * Channels, Math.Min(first + 1, width - 1) * Channels);
            for (var channel = 0; channel < Channels; channel++)
            {
                row.Values[(x * Channels) + channel] = (from[left + channel] * weight) + (from[right + channel] * next);
            }
        }
    }

    /// <summary>
    /// Of each target position the first of its two neighbors and the weights of both. Where a neighbor is missing the columns are told to take the other whole (<paramref name="atEdges"/>), while
    /// rows weigh the one there is twice, which rounds otherwise.
    /// </summary>
    private static (int First, int Weight, int Next)[] Weights(int from, int to, bool atEdges)
    {
        // As OpenCV has it: 1 / (to / from), which is not always from / to.
        var scale = 1 / ((double)to / from);
        var weights = new (int, int, int)[to];
        for (var target = 0; target < to; target++)
        {
            var center = (float)(((target + 0.5) * scale) - 0.5);
            var first = (int)MathF.Floor(center);
            var share = center - first;
            if (atEdges && (first < 0 || first >= from - 1))
            {
                (first, share) = (first < 0 ? 0 : from - 1, 0);
            }

            weights[target] = (first, (int)MathF.Round((1f - share) * One), (int)MathF.Round(share * One));
        }

        return weights;
    }

    private sealed class Row(int length)
    {
        public int Source { get; set; } = -1;

        public int[] Values { get; } = new int[length];
    }
}
