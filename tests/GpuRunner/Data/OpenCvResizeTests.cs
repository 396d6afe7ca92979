using System.Globalization;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Data;

/// <summary>Compared with what OpenCV itself made of the same bytes: OpenCv/opencv_resize.cpp wrote it, and says how.</summary>
public sealed class OpenCvResizeTests
{
    private const int Shown = 48;

    public static TheoryData<string> Pictures =>
        [.. File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "tests", "GpuRunner", "Data", "OpenCv", "opencv_resize.txt"))];

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Gives_the_bytes_of_OpenCV(string line)
    {
        var parts = line.Split(' ');
        int[] size = [.. parts[..4].Select(side => int.Parse(side, CultureInfo.InvariantCulture))];

        var resized = Resized(Noise(size[0], size[1]), size[0], size[1], size[2], size[3]);

        Assert.Equal(parts[5], Convert.ToHexStringLower(resized.AsSpan(0, Math.Min(Shown, resized.Length))));
        Assert.Equal(parts[4], Fnv1A(resized).ToString("x16", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Leaves_a_picture_of_the_right_size_as_it_is() => Assert.Equal(Noise(7, 5), Resized(Noise(7, 5), 7, 5, 7, 5));

    [Fact]
    public void Refuses_bytes_of_another_size()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Resized(new byte[11], 2, 2, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Resized(new byte[12], 2, 2, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameResize.Resize(new byte[12], 2, 2, new byte[47], 4, 4, ResizeFilter.OpenCvBilinear));
    }

    private static byte[] Resized(byte[] rgb, int width, int height, int newWidth, int newHeight)
    {
        var resized = new byte[newWidth * newHeight * 3];
        FrameResize.Resize(rgb, width, height, resized, newWidth, newHeight, ResizeFilter.OpenCvBilinear);
        return resized;
    }

    private static byte[] Noise(int width, int height)
    {
        var state = (uint)((width * 1000) + height);
        var bytes = new byte[width * height * 3];
        foreach (ref var value in bytes.AsSpan())
        {
            state = (state * 1664525) + 1013904223;
            value = (byte)(state >> 24);
        }

        return bytes;
    }

    private static ulong Fnv1A(byte[] bytes) => bytes.Aggregate(14695981039346656037, (hash, value) => (hash ^ value) * 1099511628211);
}
