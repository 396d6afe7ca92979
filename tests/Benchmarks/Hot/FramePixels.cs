using BenchmarkDotNet.Attributes;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.Benchmarks.Hot;

/// <summary>What happens to one crop of Market-1501's size (64 × 128) on its way to a network that sees 256 × 128.</summary>
public class FramePixels
{
    private const int Quality = 90;

    private static readonly InputSpec Input = new();

    private readonly Normalization _normalization = new(Input);
    private readonly Augmentations _augmentations = new(Input, new AugmentationSpec());
    private readonly RandomStream _random = Seeding.Stream(1, "benchmarks/frame");
    private readonly RgbImage _crop = Crop(64, 128);
    private readonly byte[] _resized = new byte[Input.Height * Input.Width * 3];
    private readonly float[] _planes = new float[Input.Height * Input.Width * 3];
    private byte[] _jpeg = [];

    [GlobalSetup]
    public void Encode()
    {
        using var file = new MemoryStream();
        ImageEncoder.WriteJpeg(_crop, Quality, file);
        _jpeg = file.ToArray();
        Resize();
    }

    [Benchmark]
    public object Decode() => ImageDecoder.Decode(_jpeg, "frame.jpg");

    [Benchmark]
    public void Resize() => PillowResize.Resize(_crop.Pixels, _crop.Width, _crop.Height, _resized, Input.Width, Input.Height, ResizeFilter.Bicubic);

    [Benchmark]
    public void Normalize() => _normalization.Apply(_resized, _planes);

    [Benchmark]
    public void Augment() => _augmentations.Apply(_augmentations.Draw(_random, Modality.Visible), _resized, _planes);

    /// <summary>Shades with some noise, as a photograph has: JPEG takes a while over it, but not as long as over noise alone.</summary>
    private static RgbImage Crop(int width, int height)
    {
        var random = Seeding.Stream(1, "benchmarks/crop");
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i / 3 % width, i / 3 / width);
            pixels[i] = (byte)(128 + (90 * Math.Sin((x / 9.0) + (i % 3)) * Math.Cos(y / 23.0)) + random.NextInt(24));
        }

        return new RgbImage(width, height, pixels);
    }
}
