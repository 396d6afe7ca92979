using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.Benchmarks;

/// <summary>
/// Pictures whose detail falls with its fineness, as that of photographs does: noise of ever finer grain, ever weaker. As JPEG of quality 90 one has about as
/// many bytes as a data set's frame of its size, and decoding takes as long as there are bytes.
/// </summary>
internal static class Photographs
{
    private const int Quality = 90;
    private const double Contrast = 1.4;
    private const double Fineness = 0.8;

    public static byte[][] Jpegs(int count, int width, int height) => [.. Enumerable.Range(0, count).Select(picture =>
    {
        using var file = new MemoryStream();
        ImageEncoder.WriteJpeg(new RgbImage(width, height, Draw(picture, width, height)), Quality, file);
        return file.ToArray();
    })];

    private static byte[] Draw(int picture, int width, int height)
    {
        var random = Seeding.Stream(picture, "benchmarks/photograph");
        var levels = Enumerable.Repeat(127.5, width * height * 3).ToArray();
        for (var side = 2; side <= Math.Max(width, height); side *= 2)
        {
            var (grainWidth, grainHeight) = (Math.Min(side, width), Math.Min(2 * side, height));
            byte[] grain = [.. Enumerable.Range(0, grainWidth * grainHeight * 3).Select(_ => (byte)random.NextInt(256))];
            var weight = Contrast / Math.Pow(side, Fineness);
            var grown = PillowResize.Resize(grain, grainWidth, grainHeight, width, height, ResizeFilter.Bilinear);
            for (var at = 0; at < levels.Length; at++)
            {
                levels[at] += (grown[at] - 127.5) * weight;
            }
        }

        return Array.ConvertAll(levels, level => (byte)Math.Clamp(level, 0, 255));
    }
}
