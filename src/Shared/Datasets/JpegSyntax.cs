using System.Buffers.Binary;

namespace ReidCloud.Datasets;

/// <summary>The markers and segments of a JPEG, ITU-T T.81 annex B: enough to find its size and its end.</summary>
internal static class JpegSyntax
{
    private const byte Soi = 0xD8;
    private const byte Eoi = 0xD9;
    private const byte Sos = 0xDA;
    private const byte App14 = 0xEE;

    /// <summary>Of a progressive picture about ten. Each goes over every block again, so that a small file could take minutes: libjpeg-turbo's own limit is 500.</summary>
    private const int MostScans = 64;

    private static readonly ImageFault NoEnd = ImageFault.Truncated("the JPEG ends without an end-of-image marker");

    public static ReadOnlySpan<byte> Start => [0xFF, Soi, 0xFF];

    private static ReadOnlySpan<byte> End => [0xFF, Eoi];

    public static ImageHeader? Read(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, long length, out ImageFault? fault)
    {
        ImageHeader? header = null;
        var isWhole = head.Length >= length;
        var isAdobe = false;
        var scans = 0;
        fault = null;
        var at = NextMarker(head, 2);
        for (; at >= 0; at = NextMarker(head, AfterSegment(head, at)))
        {
            var segment = Segment(head, at);
            isAdobe |= head[at] == App14 && segment.StartsWith("Adobe"u8);
            if (IsStartOfFrame(head[at]))
            {
                if (segment.Length < 6)
                {
                    break;
                }

                header ??= new ImageHeader(
                    ImageFormat.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[1..]));
                fault = segment[5] == 4 && !isAdobe
                    ? new ImageFault("is a CMYK JPEG without Adobe's marker, so that its inks may be inverted or not", "save it as RGB")
                    : fault;
            }

            if (head[at] == Eoi || (header is not null && !isWhole))
            {
                break;
            }

            if (head[at] == Sos && header is null)
            {
                fault = ImageFault.Damaged("the JPEG has a scan before its size");
                return null;
            }

            if (head[at] == Sos && ++scans > MostScans)
            {
                fault = new ImageFault($"is a JPEG of more than {MostScans} scans, which takes very long to decode", "save it again");
                return null;
            }
        }

        var isComplete = isWhole ? at >= 0 && head[at] == Eoi : tail.IndexOf(End) >= 0;
        fault ??= !isComplete ? NoEnd : header is null && isWhole ? ImageFault.Damaged("the JPEG does not say its size") : null;
        return fault is null ? header : null;
    }

    private static bool IsStartOfFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    /// <summary>Where the next marker's code is, or -1. Stuffed zeros, fill bytes and restart markers are part of the data around them.</summary>
    private static int NextMarker(ReadOnlySpan<byte> jpeg, int from)
    {
        for (var at = from; at < jpeg.Length - 1;)
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

    /// <summary>What follows the length of the segment whose marker is given, as far as the data goes; nothing for the end marker.</summary>
    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> jpeg, int marker)
    {
        var after = AfterSegment(jpeg, marker);
        return jpeg[marker] == Eoi || after > jpeg.Length || after < marker + 3 ? [] : jpeg[(marker + 3)..after];
    }

    private static int AfterSegment(ReadOnlySpan<byte> jpeg, int marker) =>
        marker + 3 <= jpeg.Length ? marker + 1 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(marker + 1)..]) : jpeg.Length;
}
