using ReidCloud.GpuRunner.Data;

namespace ReidCloud.GpuRunner.Explanation;

/// <summary>From the least to the greatest value of one map or of several: what they are scaled by before they are drawn.</summary>
internal readonly record struct MapRange(float Min, float Max)
{
    public static MapRange Of(params ReadOnlySpan<float[]> maps)
    {
        var (min, max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var map in maps)
        {
            (min, max) = (Math.Min(min, map.Min()), Math.Max(max, map.Max()));
        }

        return new MapRange(min, max);
    }

    /// <summary>0 … 1; a map without any relief is 0 everywhere.</summary>
    public float Scale(float value) => Max > Min ? (value - Min) / (Max - Min) : 0;
}

/// <summary>A picture with a map upon it: 0.6 · picture + 0.4 · color of the map. VKD, spec §10.</summary>
internal static class Overlay
{
    private const float PictureWeight = 0.6f;
    private const float MapWeight = 0.4f;

    /// <param name="map">A value for each pixel, row after row.</param>
    public static RgbImage Draw(RgbImage picture, float[] map, MapRange range)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(map.Length, picture.Width * picture.Height, nameof(map));
        var pixels = new byte[picture.Pixels.Length];
        for (var at = 0; at < map.Length; at++)
        {
            var (red, green, blue) = Jet.Of(range.Scale(map[at]));
            pixels[3 * at] = Mix(picture.Pixels[3 * at], red);
            pixels[(3 * at) + 1] = Mix(picture.Pixels[(3 * at) + 1], green);
            pixels[(3 * at) + 2] = Mix(picture.Pixels[(3 * at) + 2], blue);
        }

        return picture with { Pixels = pixels };
    }

    private static byte Mix(byte picture, float color) => (byte)MathF.Round((PictureWeight * picture) + (MapWeight * byte.MaxValue * color));
}
