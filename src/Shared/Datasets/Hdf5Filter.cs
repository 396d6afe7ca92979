using System.IO.Compression;

namespace ReidCloud.Datasets;

/// <summary>What was done to a chunk before it was stored: shuffling, with the width of an element, or deflating.</summary>
internal readonly record struct Hdf5Filter(ushort Kind, int Width)
{
    private const ushort Deflate = 1;
    private const ushort Shuffle = 2;

    /// <exception cref="Hdf5Exception">There is one that is not known, or the message is damaged.</exception>
    public static IReadOnlyList<Hdf5Filter> Of(Hdf5Bytes bytes, ReadOnlySpan<byte> message, string what)
    {
        var filters = new List<Hdf5Filter>();
        if (message.Length == 0)
        {
            return filters;
        }

        var isOld = message[0] == 1;
        var rest = message[Math.Min(message.Length, isOld ? 8 : 2)..];
        for (var left = message.Length > 1 ? message[1] : 0; left > 0; left--)
        {
            var kind = rest.Length >= 8 || (!isOld && rest.Length >= 6) ? Hdf5Bytes.UInt16(rest) : throw bytes.Fault($"the filters of {what} are cut off");
            if (kind is not (Deflate or Shuffle))
            {
                throw bytes.NotRead($"{what} packed by filter {kind}");
            }

            // Only filters from 256 on have a name in a new message; an old one gives each a name, padded to eight.
            var (name, head) = isOld ? ((Hdf5Bytes.UInt16(rest[2..]) + 7) & ~7, 8) : (0, 6);
            var values = Hdf5Bytes.UInt16(rest[(head - 2)..]);
            var length = head + name + (values * sizeof(uint)) + (isOld && values % 2 == 1 ? sizeof(uint) : 0);
            if (rest.Length < length || (kind == Shuffle && values == 0))
            {
                throw bytes.Fault($"the filters of {what} are cut off");
            }

            filters.Add(new Hdf5Filter(kind, kind == Shuffle ? (int)Math.Clamp(Hdf5Bytes.UInt32(rest[(head + name)..]), 1, ushort.MaxValue) : 1));
            rest = rest[length..];
        }

        return filters;
    }

    /// <param name="left">A bit for each filter that this chunk was spared.</param>
    /// <param name="length">Bytes of the chunk as it was.</param>
    public static byte[] Undo(Hdf5Bytes bytes, IReadOnlyList<Hdf5Filter> filters, byte[] stored, uint left, int length, string what)
    {
        for (var place = filters.Count - 1; place >= 0; place--)
        {
            if (place >= 32 || (left & (1u << place)) == 0)
            {
                stored = filters[place].Kind == Deflate ? Inflate(bytes, stored, length, what) : Sorted(stored, filters[place].Width);
            }
        }

        return stored.Length == length ? stored : throw bytes.Fault($"a chunk of {what} has {stored.Length} bytes instead of {length}");
    }

    private static byte[] Inflate(Hdf5Bytes bytes, byte[] stored, int length, string what)
    {
        try
        {
            using var inflate = new ZLibStream(new MemoryStream(stored, writable: false), CompressionMode.Decompress);
            var chunk = new byte[length];
            return inflate.ReadAtLeast(chunk, length, throwOnEndOfStream: false) == length && inflate.ReadByte() < 0 ? chunk : throw bytes.Fault($"a chunk of {what} does not unpack to its {length} bytes");
        }
        catch (InvalidDataException exception)
        {
            throw new Hdf5Exception(bytes.Fault($"a chunk of {what} cannot be unpacked").Message, exception);
        }
    }

    /// <summary>All bytes of an element together again; what is left at the end was never moved.</summary>
    private static byte[] Sorted(byte[] shuffled, int width)
    {
        var sorted = (byte[])shuffled.Clone();
        var count = shuffled.Length / width;
        for (var part = 0; part < width; part++)
        {
            for (var element = 0; element < count; element++)
            {
                sorted[(element * width) + part] = shuffled[(part * count) + element];
            }
        }

        return sorted;
    }
}
