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

        Assert.Equal(expected, new FrameLoader(Manifest, input, Read).Load(1));
    }

    [Fact]
    public void A_frame_that_is_no_image_is_told_with_its_data_set()
    {
        var loader = new FrameLoader(Manifest, new InputSpec(), _ => "rust"u8.ToArray());

        var fault = Assert.Throws<FrameException>(() => loader.Load(3));

        Assert.StartsWith($"data set 'tiny', frame '{Manifest.Frames[3].Name}': ", fault.Message, StringComparison.Ordinal);
        Assert.IsType<ImageException>(fault.InnerException);
    }

    private static byte[] Read(FrameSource frame)
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, Zip);
        using var file = File.OpenHandle(path, options: FileOptions.DeleteOnClose);
        return FrameBytes.Read(file, frame);
    }
}
