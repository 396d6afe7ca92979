using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>What the start of frame says, and whether the end-of-image marker is there: ITU-T T.81, annex B.</summary>
internal readonly record struct JpegFrame(int Width, int Height, int Components)
{
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    public static JpegFrame Read(ReadOnlySpan<byte> jpeg)
    {
        for (var at = NextMarker(jpeg, 2); at >= 0; at = NextMarker(jpeg, AfterSegment(jpeg, at)))
        {
            var marker = jpeg[at];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return Parse(Segment(jpeg, at));
            }

            if (marker is StartOfScan or EndOfImage)
            {
                break;
            }
        }

        throw new InvalidImageContentException("No readable start of frame was found in the JPEG.");
    }

    /// <summary>True when the stream of markers and scans runs to its end-of-image marker.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> jpeg)
    {
        for (var at = NextMarker(jpeg, 2); at >= 0; at = NextMarker(jpeg, AfterSegment(jpeg, at)))
        {
            if (jpeg[at] == EndOfImage)
            {
                return true;
            }
        }

        return false;
    }

    private static JpegFrame Parse(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 6)
        {
            throw new InvalidImageContentException("The JPEG's start of frame does not contain enough data.");
        }

        var frame = new JpegFrame(
            BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), segment[5]);
        return frame.Width > 0 && frame.Height > 0
            ? frame
            : throw new InvalidImageContentException($"Invalid image dimensions: {frame.Width}x{frame.Height}.");
    }

    /// <summary>The position of the next marker's code; stuffed zeros, fill bytes and restart markers are passed over.</summary>
    private static int NextMarker(ReadOnlySpan<byte> jpeg, int from)
    {
        for (var at = from; at >= 0 && at < jpeg.Length - 1;)
        {
            var hit = jpeg[at..^1].IndexOf((byte)0xFF);
            if (hit < 0)
            {
                break;
            }

            at += hit + 1;
            if (jpeg[at] is not (0x00 or 0x01 or 0xFF or (>= 0xD0 and <= 0xD8)))
            {
                return at;
            }
        }

        return -1;
    }

    private static int AfterSegment(ReadOnlySpan<byte> jpeg, int marker) => marker + 3 + Segment(jpeg, marker).Length;

    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> jpeg, int marker)
    {
        var length = marker + 2 < jpeg.Length ? BinaryPrimitives.ReadUInt16BigEndian(jpeg[(marker + 1)..]) : 0;
        return length >= 2 && marker + 1 + length <= jpeg.Length
            ? jpeg.Slice(marker + 3, length - 2)
            : throw new InvalidImageContentException($"The JPEG's segment FF{jpeg[marker]:X2} runs past the end of the data.");
    }
}
