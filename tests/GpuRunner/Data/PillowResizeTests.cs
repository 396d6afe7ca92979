using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;
using ReidCloud.Tests.Golden;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class PillowResizeTests
{
    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateFiles(GoldenFolder.Own, "imaging.resize.*.safetensors").Select(path => Path.GetFileNameWithoutExtension(path)!).Order()];

    /// <summary>The golden cases allow one grey level; this is the promise.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Equals_Pillow_byte_for_byte(string name)
    {
        var given = GoldenCase.Read(Path.Combine(GoldenFolder.Own, name + ".safetensors"));

        Assert.Equal(given.Expected["image"].U8, ImagingOps.Resize(given)["image"].U8);
    }

    [Fact]
    public void Equals_the_plain_sums_at_random_sizes()
    {
        var random = Seeding.Stream(1, "resize");
        for (var trial = 0; trial < 150; trial++)
        {
            var (width, height) = (random.NextInt(70) + 1, random.NextInt(70) + 1);
            var (newWidth, newHeight) = (random.NextInt(70) + 1, random.NextInt(70) + 1);
            var filter = new[] { ResizeFilter.Bilinear, ResizeFilter.Bicubic, ResizeFilter.Lanczos }[random.NextInt(3)];
            var rgb = new byte[width * height * 3];
            for (var i = 0; i < rgb.Length; i++)
            {
                rgb[i] = (byte)(random.NextBool(0.5) ? random.NextInt(256) : random.NextInt(2) * 255);
            }

            Assert.Equal(
                Slow(rgb, width, height, newWidth, newHeight, filter),
                PillowResize.Resize(rgb, width, height, newWidth, newHeight, filter));
        }
    }

    [Fact]
    public void A_picture_of_its_own_size_is_copied()
    {
        byte[] rgb = [1, 2, 3, 4, 5, 6];

        Assert.Equal(rgb, PillowResize.Resize(rgb, 2, 1, 2, 1, ResizeFilter.Bicubic));
    }

    [Fact]
    public void Writes_only_where_it_is_told()
    {
        foreach (var height in (int[])[4, 5])
        {
            foreach (var width in (int[])[1, 2, 11, 12])
            {
                var room = Enumerable.Repeat((byte)77, 3 + (3 * 3 * width) + 3).ToArray();
                PillowResize.Resize(new byte[5 * height * 3], 5, height, room.AsSpan(3, 3 * 3 * width), width, 3, ResizeFilter.Bilinear);
                Assert.Equal([77, 77, 77, .. new byte[3 * 3 * width], 77, 77, 77], room);

                var rows = Enumerable.Repeat((byte)77, 3 + (height * 3 * width) + 3).ToArray();
                PillowResize.Resize(new byte[5 * height * 3], 5, height, rows.AsSpan(3, height * 3 * width), width, height, ResizeFilter.Bicubic);
                Assert.Equal([77, 77, 77, .. new byte[height * 3 * width], 77, 77, 77], rows);
            }
        }
    }

    [Fact]
    public void Refuses_lengths_that_do_not_fit_the_sizes()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PillowResize.Resize(new byte[11], 2, 2, 4, 4, ResizeFilter.Bicubic));
        Assert.Throws<ArgumentOutOfRangeException>(() => PillowResize.Resize(new byte[12], 2, 2, new byte[47], 4, 4, ResizeFilter.Bicubic));
        Assert.Throws<ArgumentOutOfRangeException>(() => PillowResize.Resize(new byte[12], 2, 2, 0, 4, ResizeFilter.Bicubic));
    }

    /// <summary>One value at a time, in the order of the definition: the rows, then the rows of the transposed picture.</summary>
    private static byte[] Slow(byte[] rgb, int width, int height, int newWidth, int newHeight, ResizeFilter filter)
    {
        var wide = Rows(rgb, width, newWidth, height, filter);
        var tall = Rows(Transposed(wide, newWidth, height), height, newHeight, newWidth, filter);
        return Transposed(tall, newHeight, newWidth);
    }

    private static byte[] Transposed(byte[] rgb, int width, int height) =>
        [.. from x in Enumerable.Range(0, width) from y in Enumerable.Range(0, height) from c in Enumerable.Range(0, 3) select rgb[(((y * width) + x) * 3) + c]];

    private static byte[] Rows(byte[] source, int from, int to, int rows, ResizeFilter filter)
    {
        var result = new byte[rows * to * 3];
        var scale = (double)from / to;
        var stretch = Math.Max(1, scale);
        var support = (filter switch { ResizeFilter.Bilinear => 1, ResizeFilter.Bicubic => 2, _ => 3 }) * stretch;
        for (var i = 0; i < result.Length; i++)
        {
            var (row, target, channel) = (i / 3 / to, i / 3 % to, i % 3);
            var center = (target + 0.5) * scale;
            var first = Math.Max(0, (int)(center - support + 0.5));
            var last = Math.Min(from, (int)(center + support + 0.5));
            double[] weights = [.. Enumerable.Range(first, last - first).Select(at => Weight(filter, (at - center + 0.5) / stretch))];
            var total = 1L << 21;
            for (var at = first; at < last; at++)
            {
                var weight = (long)Math.Round(weights[at - first] / weights.Sum() * (1 << 22), MidpointRounding.AwayFromZero);
                total += source[(((row * from) + at) * 3) + channel] * weight;
            }

            result[i] = (byte)Math.Clamp(total >> 22, 0, 255);
        }

        return result;
    }

    private static double Weight(ResizeFilter filter, double x)
    {
        x = Math.Abs(x);
        return filter == ResizeFilter.Bilinear ? Math.Max(0, 1 - x)
            : filter == ResizeFilter.Lanczos ? x == 0 ? 1 : x < 3 ? 3 * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / 3) / (Math.PI * Math.PI * x * x) : 0
            : x < 1 ? (1.5 * x * x * x) - (2.5 * x * x) + 1
            : x < 2 ? (-0.5 * x * x * x) + (2.5 * x * x) - (4 * x) + 2
            : 0;
    }
}
