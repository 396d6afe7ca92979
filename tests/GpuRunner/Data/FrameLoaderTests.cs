using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class FrameLoaderTests
{
    private static readonly byte[] Zip = TinyDataset.Zip(identities: 2, frames: 2);
    private static readonly DatasetManifest Manifest = TinyDataset.Manifest(Zip);

    [Theory]
    [InlineData(ResizeFit.Squash)]
    [InlineData(ResizeFit.Letterbox)]
    public void A_frame_is_decoded_and_fitted_as_the_input_says(ResizeFit fit)
    {
        var input = new InputSpec(40, 40) { Fit = fit, Filter = ResizeFilter.Bilinear };
        var decoded = ImageDecoder.Decode(Read(Manifest.Frames[1]), "a");
        var expected = fit == ResizeFit.Squash
            ? PillowResize.Resize(decoded.Pixels, 16, 32, 40, 40, ResizeFilter.Bilinear)
            : Letterbox.Resize(decoded.Pixels, 16, 32, 40, 40, ResizeFilter.Bilinear);

        Assert.Equal(expected, Loaded(1, input));
    }

    /// <summary>The bars of a letterbox are black like the padding, and are normalised and moved as the picture is.</summary>
    [Fact]
    public void A_letterboxed_frame_goes_through_normalisation_and_augmentation()
    {
        var input = new InputSpec(32, 32) { Fit = ResizeFit.Letterbox };
        var frame_HWC = Loaded(0, input);
        var (plain, shifted) = (new float[3 * 32 * 32], new float[3 * 32 * 32]);

        new Normalization(input).Apply(frame_HWC, plain);
        new Augmentations(input, new AugmentationSpec(Padding: 4)).Apply(new Augmentation(Top: 4, Left: 7, Mirror: false, default), frame_HWC, shifted);

        // 16 × 32 pictures stand in the middle, between bars of eight columns; cropping three further right moves them left.
        for (var channel = 0; channel < 3; channel++)
        {
            var black = new Normalization(input).Of(channel)[0];
            for (var row = 0; row < 32; row++)
            {
                var at = plain.AsSpan(((channel * 32) + row) * 32, 32);
                var moved = shifted.AsSpan(((channel * 32) + row) * 32, 32);
                Assert.False(at[..8].ContainsAnyExcept(black) || at[24..].ContainsAnyExcept(black));
                Assert.True(at[8..24].ContainsAnyExcept(black));
                Assert.Equal(at[3..].ToArray(), moved[..29].ToArray());
                Assert.False(moved[29..].ContainsAnyExcept(black));
            }
        }
    }

    [Fact]
    public void A_frame_that_is_no_image_is_told_with_its_data_set()
    {
        var loader = new FrameLoader(Manifest, new InputSpec(), _ => "rust"u8.ToArray());

        var fault = Assert.Throws<FrameException>(() => loader.Load(3, new byte[loader.BytesPerFrame]));

        Assert.StartsWith($"data set 'tiny', frame '{Manifest.Frames[3].Name}': ", fault.Message, StringComparison.Ordinal);
        Assert.IsType<ImageException>(fault.InnerException);
    }

    /// <summary>Over something else's bytes.</summary>
    private static byte[] Loaded(int frame, InputSpec input)
    {
        var loader = new FrameLoader(Manifest, input, Read);
        byte[] frame_HWC = [.. Enumerable.Repeat((byte)77, loader.BytesPerFrame)];
        loader.Load(frame, frame_HWC);
        return frame_HWC;
    }

    private static byte[] Read(FrameSource frame)
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, Zip);
        using var file = File.OpenHandle(path, options: FileOptions.DeleteOnClose);
        return FrameBytes.Read(file, frame);
    }
}
