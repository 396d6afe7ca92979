namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Writes baseline JPEG: quality 75 and 4:2:0 unless told otherwise.</summary>
public sealed class JpegEncoder : ImageEncoder
{
    private const int DefaultQuality = 75;
    private readonly int? quality;

    public int? Quality
    {
        get => quality;
        init => quality = value is < 1 or > 100
            ? throw new ArgumentException("Quality factor must be in [1..100] range.")
            : value;
    }

    public JpegEncodingColor? ColorType { get; init; }

    protected override void Encode<TPixel>(Image<TPixel> image, Stream stream, CancellationToken cancellationToken)
    {
        var sampling = (ColorType ?? JpegEncodingColor.YCbCrRatio420) switch
        {
            JpegEncodingColor.YCbCrRatio444 => TurboJpeg.Sampling.Ratio444,
            JpegEncodingColor.YCbCrRatio422 => TurboJpeg.Sampling.Ratio422,
            JpegEncodingColor.YCbCrRatio420 => TurboJpeg.Sampling.Ratio420,
            JpegEncodingColor.YCbCrRatio411 => TurboJpeg.Sampling.Ratio411,
            JpegEncodingColor.Luminance => TurboJpeg.Sampling.Grey,
            var other => throw new NotSupportedException(
                $"This substitute writes no JPEG of color type {other}; the package SixLabors.ImageSharp does."),
        };
        if (image.Width > ushort.MaxValue || image.Height > ushort.MaxValue)
        {
            throw new ImageFormatException($"Image is too large to encode at {image.Width}x{image.Height} for JPEG format.");
        }

        var rgba = PixelBuffer.Rent<PixelFormats.Rgba32>(image.Width, image.Height, clean: false);
        PixelBuffer.ToRgba<TPixel>(image.Pixels, rgba);
        TurboJpeg.Compress(rgba, image.Width, image.Height, sampling, Quality ?? DefaultQuality, stream);
        PixelBuffer.Return(rgba);
    }
}
