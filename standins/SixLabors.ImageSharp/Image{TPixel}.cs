using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>Pixels of one type, row after row without gaps.</summary>
public sealed class Image<TPixel> : Image
    where TPixel : unmanaged, IPixel<TPixel>
{
    private TPixel[]? pixels;

    public Image(int width, int height) : this(Configuration.Default, width, height)
    {
    }

    public Image(int width, int height, TPixel backgroundColor) : this(Configuration.Default, width, height, backgroundColor)
    {
    }

    public Image(Configuration configuration, int width, int height)
        : this(configuration, width, height, PixelBuffer.Rent<TPixel>(width, height, clean: true))
    {
    }

    public Image(Configuration configuration, int width, int height, TPixel backgroundColor) : this(configuration, width, height) =>
        Pixels.Fill(backgroundColor);

    internal Image(Configuration configuration, int width, int height, TPixel[] pixels) : base(configuration, width, height)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        this.pixels = pixels;
    }

    internal Span<TPixel> Pixels => Array.AsSpan(0, Width * Height);

    private TPixel[] Array => pixels ?? throw new ObjectDisposedException(nameof(Image));

    public TPixel this[int x, int y]
    {
        get => Pixels[Index(x, y)];
        set => Pixels[Index(x, y)] = value;
    }

    public void ProcessPixelRows(PixelAccessorAction<TPixel> processPixels)
    {
        ArgumentNullException.ThrowIfNull(processPixels);
        processPixels(new PixelAccessor<TPixel>(Array, Width, Height));
    }

    public void CopyPixelDataTo(Span<TPixel> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Pixels.Length, nameof(destination));
        Pixels.CopyTo(destination);
    }

    public void CopyPixelDataTo(Span<byte> destination) => CopyPixelDataTo(MemoryMarshal.Cast<byte, TPixel>(destination));

    public override string ToString() => $"Image<{typeof(TPixel).Name}>: {Width}x{Height}";

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref pixels, null) is { } rented)
        {
            PixelBuffer.Return(rented);
        }
    }

    private protected override void Encode(Stream stream, IImageEncoder encoder) => encoder.Encode(this, stream);

    private int Index(int x, int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, Width);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return (y * Width) + x;
    }
}
