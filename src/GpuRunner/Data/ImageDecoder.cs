using ReidCloud.Datasets;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Interleaved red, green and blue bytes, row after row.</summary>
public readonly record struct RgbImage(int Width, int Height, byte[] Pixels);

/// <summary>
/// Decodes a frame as Pillow's open().convert("RGB") does: alpha is dropped, not blended; palettes are expanded; the orientation in EXIF is
/// ignored. The bytes are foreign: format, limits and completeness are checked before anything is decoded, because decoders fill what is
/// missing with grey, and every fault names the image.
/// </summary>
public static class ImageDecoder
{
    private static readonly DecoderOptions FirstFrame = new() { MaxFrames = 1, SkipMetadata = true };

    /// <exception cref="ImageException">The bytes are no complete JPEG, PNG or BMP within <see cref="ImageLimits"/>.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> bytes, string name)
    {
        using var picture = Borrow(bytes, name);
        return new RgbImage(picture.Width, picture.Height, picture.Pixels.ToArray());
    }

    /// <summary>A picture that is looked at once. The caller disposes it.</summary>
    /// <exception cref="ImageException">As for <see cref="Decode"/>.</exception>
    internal static BorrowedPicture Borrow(ReadOnlySpan<byte> bytes, string name)
    {
        if (ImageHeader.Read(bytes, out var fault) is not { } header)
        {
            throw new ImageException(name, fault!);
        }

        try
        {
            using var image = Image.Load<Rgb24>(FirstFrame, bytes);
            if (image.Width != header.Width || image.Height != header.Height)
            {
                throw new ImageException(name, ImageFault.Damaged(
                    $"its header says {header.Width} x {header.Height} pixels, its data has {image.Width} x {image.Height}"));
            }

            var picture = new BorrowedPicture(image.Width, image.Height);
            image.CopyPixelDataTo(picture.Pixels);
            return picture;
        }
        catch (Exception e) when (e is not (ImageException or OutOfMemoryException or TypeLoadException))
        {
            // Decoders meet foreign bytes with more than their documented exceptions. All but the machine's own faults are the image's.
            throw new ImageException(name, $"cannot be decoded: {e.Message.TrimEnd('.', '!')}", ImageFault.ReExport, e);
        }
    }
}
