namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// What a pixel's byte becomes: divided by 255, less ImageNet's mean, by its standard deviation, in single precision as torch does it.
/// There are only 3 × 256 such values, so they are looked up.
/// </summary>
internal static class Normalization
{
    public const int Channels = 3;

    private static readonly float[] Means = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Deviations = [0.229f, 0.224f, 0.225f];
    private static readonly float[][] Values =
        [.. Means.Zip(Deviations, (mean, deviation) => Enumerable.Range(0, 256).Select(value => ((value / 255f) - mean) / deviation).ToArray())];

    /// <summary>The values of the bytes 0 … 255 in one channel (red, green, blue).</summary>
    public static ReadOnlySpan<float> Of(int channel) => Values[channel];

    /// <summary>Normalises a whole frame, channel after channel.</summary>
    public static void Apply(ReadOnlySpan<byte> frame_CHW, Span<float> destination_CHW)
    {
        var plane = frame_CHW.Length / Channels;
        for (var channel = 0; channel < Channels; channel++)
        {
            var values = Of(channel);
            var from = frame_CHW.Slice(channel * plane, plane);
            var to = destination_CHW.Slice(channel * plane, plane);
            for (var pixel = 0; pixel < from.Length; pixel++)
            {
                to[pixel] = values[from[pixel]];
            }
        }
    }
}
