using System.Buffers.Binary;

namespace ReidCloud.Datasets;

/// <summary>The chunks of a PNG: the first says the size, the last is IEND.</summary>
internal static class PngSyntax
{
    private const int ChunkFrame = 12;

    public static ReadOnlySpan<byte> Start => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The end chunk with its checksum.</summary>
    private static ReadOnlySpan<byte> End => [(byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82];

    public static ImageHeader? Read(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, long length, out ImageFault? fault)
    {
        fault = null;
        if (head.Length < 24)
        {
            fault = length < 24 ? ImageFault.Truncated("the PNG ends within its header") : null;
            return null;
        }

        if (!head[12..].StartsWith("IHDR"u8))
        {
            fault = ImageFault.Damaged("the PNG does not start with its header");
            return null;
        }

        var isComplete = head.Length >= length ? ReachesEnd(head) : tail.IndexOf(End) >= 0;
        if (!isComplete)
        {
            fault = ImageFault.Truncated("the PNG ends without its end chunk");
            return null;
        }

        return new ImageHeader(ImageFormat.Png, BinaryPrimitives.ReadInt32BigEndian(head[16..]), BinaryPrimitives.ReadInt32BigEndian(head[20..]));
    }

    private static bool ReachesEnd(ReadOnlySpan<byte> png)
    {
        for (long at = Start.Length; at + ChunkFrame <= png.Length;)
        {
            var chunk = png[(int)at..];
            if (chunk[4..].StartsWith(End))
            {
                return true;
            }

            at += BinaryPrimitives.ReadUInt32BigEndian(chunk) + ChunkFrame;
        }

        return false;
    }
}
