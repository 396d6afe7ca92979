using System.IO.Compression;
using System.Text;

namespace ReidCloud.Tests.Testing;

/// <summary>One entry of a <see cref="HandmadeZip"/>. What is null is as it should be; the rest is written as it stands, however wrong.</summary>
public sealed record ZipPart(string Name, byte[] Content)
{
    public ushort Method { get; init; }
    public ushort Flags { get; init; } = 1 << 11;
    public ushort Disk { get; init; }
    public ushort MadeBy { get; init; } = 3 << 8;
    public uint Attributes { get; init; }
    public uint? Crc { get; init; }
    public uint? Length { get; init; }
    public uint? Compressed { get; init; }
    public uint? Offset { get; init; }
    public int LocalExtra { get; init; }

    /// <summary>Sizes and offset stand in a 64-bit extra field.</summary>
    public bool Wide { get; init; }
}

/// <summary>A zip written byte by byte, so that every way of being wrong can be had.</summary>
public static class HandmadeZip
{
    public static byte[] Write(IReadOnlyList<ZipPart> parts, bool wideEnd = false, ushort disk = 0, int? entries = null, string comment = "")
    {
        using var zip = new MemoryStream();
        using var to = new BinaryWriter(zip, Encoding.UTF8);
        var offsets = new List<(long Offset, byte[] Data, uint Crc)>();
        foreach (var part in parts)
        {
            var data = part.Method == 8 ? Deflate(part.Content) : part.Content;
            var crc = part.Crc ?? Crc(part.Content);
            offsets.Add((zip.Position, data, crc));
            var name = Encoding.UTF8.GetBytes(part.Name);
            to.Write(0x04034B50u);
            to.Write((ushort)20);
            to.Write(part.Flags);
            to.Write(part.Method);
            to.Write(0u);
            to.Write(crc);
            to.Write(part.Compressed ?? (uint)data.Length);
            to.Write(part.Length ?? (uint)part.Content.Length);
            to.Write((ushort)name.Length);
            to.Write((ushort)part.LocalExtra);
            to.Write(name);
            to.Write(new byte[part.LocalExtra]);
            to.Write(data);
        }

        var directory = zip.Position;
        foreach (var (part, (offset, data, crc)) in parts.Zip(offsets))
        {
            WriteEntry(to, part, offset, data, crc);
        }

        WriteEnd(to, directory, zip.Position - directory, entries ?? parts.Count, wideEnd, disk, comment);
        return zip.ToArray();
    }

    private static void WriteEntry(BinaryWriter to, ZipPart part, long offset, byte[] data, uint crc)
    {
        var name = Encoding.UTF8.GetBytes(part.Name);
        to.Write(0x02014B50u);
        to.Write((ushort)(part.MadeBy | 20));
        to.Write((ushort)20);
        to.Write(part.Flags);
        to.Write(part.Method);
        to.Write(0u);
        to.Write(crc);
        to.Write(part.Wide ? uint.MaxValue : part.Compressed ?? (uint)data.Length);
        to.Write(part.Wide ? uint.MaxValue : part.Length ?? (uint)part.Content.Length);
        to.Write((ushort)name.Length);
        to.Write((ushort)(part.Wide ? 8 + 28 : 0));
        to.Write((ushort)0);
        to.Write(part.Disk);
        to.Write((ushort)0);
        to.Write(part.Attributes);
        to.Write(part.Wide ? uint.MaxValue : part.Offset ?? (uint)offset);
        to.Write(name);
        if (part.Wide)
        {
            to.Write((ushort)0x9999);
            to.Write((ushort)4);
            to.Write(0u);
            to.Write((ushort)1);
            to.Write((ushort)24);
            to.Write((ulong)part.Content.Length);
            to.Write((ulong)data.Length);
            to.Write((ulong)offset);
        }
    }

    private static void WriteEnd(BinaryWriter to, long directory, long length, int entries, bool wide, ushort disk, string comment)
    {
        if (wide)
        {
            var at = to.BaseStream.Position;
            to.Write(0x06064B50u);
            to.Write(44UL);
            to.Write((ushort)45);
            to.Write((ushort)45);
            to.Write((uint)disk);
            to.Write((uint)disk);
            to.Write((ulong)entries);
            to.Write((ulong)entries);
            to.Write((ulong)length);
            to.Write((ulong)directory);
            to.Write(0x07064B50u);
            to.Write(0u);
            to.Write((ulong)at);
            to.Write(1u);
        }

        to.Write(0x06054B50u);
        to.Write(disk);
        to.Write(disk);
        to.Write(wide ? ushort.MaxValue : (ushort)entries);
        to.Write(wide ? ushort.MaxValue : (ushort)entries);
        to.Write(wide ? uint.MaxValue : (uint)length);
        to.Write(wide ? uint.MaxValue : (uint)directory);
        to.Write((ushort)comment.Length);
        to.Write(Encoding.ASCII.GetBytes(comment));
    }

    /// <summary>Bit by bit, as the polynomial says.</summary>
    public static uint Crc(byte[] content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static byte[] Deflate(byte[] content)
    {
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(content);
        }

        return deflated.ToArray();
    }
}
