using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>An image whose pixel type is not known; and the ways to get one.</summary>
public abstract class Image : IDisposable
{
    private protected Image(Configuration configuration, int width, int height)
    {
        Configuration = configuration;
        Width = width;
        Height = height;
    }

    public Configuration Configuration { get; }

    public int Width { get; }

    public int Height { get; }

    public static IImageFormat DetectFormat(ReadOnlySpan<byte> buffer) =>
        IsPng(buffer) ? PngFormat.Instance
        : buffer.Length >= 11 && buffer[0] == 0xFF && buffer[1] == 0xD8 ? JpegFormat.Instance
        : buffer.Length >= 2 && buffer[0] == (byte)'B' && buffer[1] == (byte)'M' ? BmpFormat.Instance
        : throw new UnknownImageFormatException("The first bytes are of no format that can be read here: JPEG, PNG or BMP.");

    public static IImageFormat DetectFormat(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
        {
            throw new NotSupportedException("This substitute detects the format of seekable streams; the package SixLabors.ImageSharp of any.");
        }

        var start = stream.Position;
        Span<byte> head = stackalloc byte[16];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = start;
        return DetectFormat(head[..read]);
    }

    public static ImageInfo Identify(ReadOnlySpan<byte> buffer) => DetectFormat(buffer) switch
    {
        JpegFormat => JpegReader.Identify(buffer),
        PngFormat => PngReader.Identify(buffer),
        _ => BmpReader.Identify(buffer),
    };

    public static ImageInfo Identify(DecoderOptions options, ReadOnlySpan<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Identify(buffer);
    }

    public static ImageInfo Identify(Stream stream) => Identify(ReadToEnd(stream));

    public static ImageInfo Identify(DecoderOptions options, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Identify(stream);
    }

    public static Image<TPixel> Load<TPixel>(ReadOnlySpan<byte> data)
        where TPixel : unmanaged, IPixel<TPixel> => Decode<TPixel>(Configuration.Default, data);

    public static Image<TPixel> Load<TPixel>(DecoderOptions options, ReadOnlySpan<byte> data)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(options);
        return Decode<TPixel>(options.Configuration, data);
    }

    public static Image<TPixel> Load<TPixel>(Stream stream)
        where TPixel : unmanaged, IPixel<TPixel> => Load<TPixel>(ReadToEnd(stream));

    public static Image<TPixel> Load<TPixel>(DecoderOptions options, Stream stream)
        where TPixel : unmanaged, IPixel<TPixel> => Load<TPixel>(options, ReadToEnd(stream));

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<TPixel> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel> => LoadPixelData(Configuration.Default, data, width, height);

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<byte> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel> => LoadPixelData<TPixel>(Configuration.Default, data, width, height);

    public static Image<TPixel> LoadPixelData<TPixel>(Configuration configuration, ReadOnlySpan<byte> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel> =>
        LoadPixelData(configuration, MemoryMarshal.Cast<byte, TPixel>(data), width, height);

    public static Image<TPixel> LoadPixelData<TPixel>(Configuration configuration, ReadOnlySpan<TPixel> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var image = new Image<TPixel>(configuration, width, height);
        ArgumentOutOfRangeException.ThrowIfLessThan(data.Length, image.Pixels.Length, nameof(data));
        data[..image.Pixels.Length].CopyTo(image.Pixels);
        return image;
    }

    public void Save(Stream stream, IImageEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(encoder);
        Encode(stream, encoder);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private protected abstract void Encode(Stream stream, IImageEncoder encoder);

    private static Image<TPixel> Decode<TPixel>(Configuration configuration, ReadOnlySpan<byte> data)
        where TPixel : unmanaged, IPixel<TPixel> => DetectFormat(data) switch
        {
            JpegFormat => JpegReader.Decode<TPixel>(configuration, data),
            PngFormat => PngReader.Decode<TPixel>(configuration, data),
            _ => BmpReader.Decode<TPixel>(configuration, data),
        };

    private static bool IsPng(ReadOnlySpan<byte> buffer) => buffer.StartsWith(PngReader.Signature);

    private static ReadOnlySpan<byte> ReadToEnd(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
        {
            throw new NotSupportedException("Cannot read from the stream.");
        }

        var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.GetBuffer().AsSpan(0, (int)copy.Length);
    }
}
