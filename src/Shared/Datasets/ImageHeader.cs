using System.Text;

namespace ReidCloud.Datasets;

/// <summary>The formats that frames may have, told by content, never by file name.</summary>
public enum ImageFormat
{
    Jpeg,
    Png,
    Bmp,
}

/// <summary>
/// What an image says about itself, read without decoding it, so that a data set of a million frames can be checked when it is committed:
/// format and size from the first bytes, completeness from the last ones.
/// </summary>
public readonly record struct ImageHeader(ImageFormat Format, int Width, int Height)
{
    /// <summary>How many first bytes hold the size of nearly every image.</summary>
    public const int HeadLength = 4096;

    /// <summary>How many last bytes show that an image is complete, padding after its end included.</summary>
    public const int TailLength = 1024;

    /// <summary>Checks a whole file. The header, or null and the fault.</summary>
    public static ImageHeader? Read(ReadOnlySpan<byte> file, out ImageFault? fault)
    {
        var header = Read(file, file, file.Length, out fault);
        if (header is null && fault is null)
        {
            fault = ImageFault.Truncated("the file ends within its header");
        }

        return header;
    }

    /// <summary>
    /// Checks a file of <paramref name="length"/> bytes by its first and last ones. The header, or null and the fault; null and no fault
    /// means that the size lies behind <paramref name="head"/> (a JPEG with long metadata): call again with more.
    /// </summary>
    public static ImageHeader? Read(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, long length, out ImageFault? fault)
    {
        ImageHeader? header = null;
        fault = length switch
        {
            0 => new ImageFault("is empty", ImageFault.ReExport),
            > ImageLimits.MaxBytes => ImageFault.TooLong(length),
            _ => null,
        };
        if (fault is not null)
        {
            return null;
        }

        if (head.StartsWith(JpegSyntax.Start))
        {
            header = JpegSyntax.Read(head, tail, length, out fault);
        }
        else if (head.StartsWith(PngSyntax.Start))
        {
            header = PngSyntax.Read(head, tail, length, out fault);
        }
        else if (head.StartsWith(BmpSyntax.Start))
        {
            header = BmpSyntax.Read(head, length, out fault);
        }
        else
        {
            fault = new ImageFault($"is not an image that can be read: it starts with {Describe(head)}", "save it as JPEG, PNG or BMP, or remove it");
        }

        fault ??= header is { } found ? OutOfBounds(found) : null;
        return fault is null ? header : null;
    }

    private static ImageFault? OutOfBounds(ImageHeader header)
    {
        var (width, height) = (header.Width, header.Height);
        return width <= 0 || height <= 0 ? ImageFault.Damaged($"its header says {width} x {height} pixels")
            : Math.Max(width, height) > ImageLimits.MaxSide
                ? new ImageFault($"has {width} x {height} pixels, the limit is {ImageLimits.MaxSide} a side", "crop, resize or remove it")
            : (long)width * height > ImageLimits.MaxPixels
                ? new ImageFault($"has {width} x {height} pixels, the limit is {ImageLimits.MaxPixels} in all", "crop, resize or remove it")
            : null;
    }

    /// <summary>Printable beginnings as text, others as numbers, known foreign formats by name.</summary>
    private static string Describe(ReadOnlySpan<byte> head)
    {
        var start = head[..Math.Min(head.Length, 12)];
        return start.StartsWith("GIF8"u8) ? "GIF's signature"
            : start.StartsWith("RIFF"u8) && start.EndsWith("WEBP"u8) ? "WebP's signature"
            : start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8) ? "TIFF's signature"
            : start.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? $"the bytes {Convert.ToHexString(start[..Math.Min(start.Length, 8)])}"
            : $"'{Encoding.ASCII.GetString(start)}'";
    }
}
