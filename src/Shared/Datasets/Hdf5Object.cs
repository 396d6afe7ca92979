namespace ReidCloud.Datasets;

/// <summary>What an object's header says of it; each kind of message once.</summary>
internal enum Hdf5Message
{
    Dataspace = 0x01,
    Links = 0x02,
    Datatype = 0x03,
    Link = 0x06,
    Layout = 0x08,
    Filters = 0x0B,
    Continuation = 0x10,
    SymbolTable = 0x11,
}

/// <summary>The messages of an object's header, of the old form or the new one ("OHDR"), with all blocks that continue it.</summary>
internal static class Hdf5Object
{
    private const int MostBlocks = 64;

    /// <summary>A group of links may have many; MATLAB's have symbol tables.</summary>
    private const int LongestHeader = 1 << 20;

    /// <summary>Nearly all headers are whole in so much.</summary>
    private const int UsualHeader = 512;
    private const int OldPrefix = 16;
    private const int Checksum = 4;
    private const byte IsShared = 2;

    /// <exception cref="Hdf5Exception"/>
    public static IReadOnlyList<(Hdf5Message Kind, byte[] Data)> Read(Hdf5Bytes bytes, ulong address, string what)
    {
        var begin = bytes.ReadUpTo(address, UsualHeader);
        var messages = new List<(Hdf5Message, byte[])>();
        var left = LongestHeader;
        var blocks = new Queue<(ulong Address, long Length)>();
        var isNew = begin.AsSpan().StartsWith("OHDR"u8);
        var order = false;
        if (isNew)
        {
            var (prefix, length, hasOrder) = NewPrefix(bytes, begin, what);
            order = hasOrder;
            blocks.Enqueue((address + (uint)prefix, length));
        }
        else if (begin.Length >= OldPrefix && begin[0] == 1 && begin[1] == 0)
        {
            blocks.Enqueue((address + OldPrefix, Hdf5Bytes.UInt32(begin.AsSpan(8))));
        }
        else
        {
            throw bytes.Fault($"there is no header of {what} at its address");
        }

        for (var count = 0; blocks.TryDequeue(out var block); count++)
        {
            if (count == MostBlocks || (left -= (int)Math.Min(block.Length, LongestHeader)) < 0)
            {
                throw bytes.Fault($"the header of {what} is longer than any");
            }

            // What was read already is not read again.
            var isBegun = count == 0 && block.Address - address + (ulong)block.Length <= (ulong)begin.Length;
            var content = isBegun ? begin[(int)(block.Address - address)..][..(int)block.Length] : bytes.Read(block.Address, block.Length, $"the header of {what}");
            if (isNew && count > 0)
            {
                content = content.AsSpan().StartsWith("OCHK"u8) && content.Length >= 8 ? content[4..^Checksum] : throw bytes.Fault($"the header of {what} goes on where no header is");
            }

            Messages(bytes, content, isNew, order, messages, blocks, what);
        }

        return messages;
    }

    private static (int Prefix, long Length, bool HasOrder) NewPrefix(Hdf5Bytes bytes, ReadOnlySpan<byte> begin, string what)
    {
        if (begin.Length < 6 || begin[4] != 2)
        {
            throw bytes.NotRead($"a header of {what} of another version than 1 and 2");
        }

        var flags = begin[5];
        var at = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
        var width = 1 << (flags & 3);
        return begin.Length < at + width ? throw bytes.Fault($"the header of {what} is cut off") : (at + width, Little(begin.Slice(at, width)), (flags & 4) != 0);
    }

    private static void Messages(
        Hdf5Bytes bytes, ReadOnlySpan<byte> block, bool isNew, bool hasOrder, List<(Hdf5Message Kind, byte[] Data)> messages, Queue<(ulong Address, long Length)> blocks, string what)
    {
        var head = isNew ? 4 + (hasOrder ? 2 : 0) : 8;
        while (block.Length >= head)
        {
            var (kind, length, flags) = isNew
                ? ((Hdf5Message)block[0], Hdf5Bytes.UInt16(block[1..]), block[3])
                : ((Hdf5Message)Hdf5Bytes.UInt16(block), Hdf5Bytes.UInt16(block[2..]), block[4]);
            if (length > block.Length - head)
            {
                throw bytes.Fault($"a message in the header of {what} is longer than the header");
            }

            var data = block.Slice(head, length);
            if (kind == Hdf5Message.Continuation)
            {
                blocks.Enqueue(data.Length >= 16 ? (Hdf5Bytes.UInt64(data), (long)Math.Min(Hdf5Bytes.UInt64(data[8..]), long.MaxValue)) : throw bytes.Fault($"the header of {what} goes on nowhere"));
            }
            else if (Enum.IsDefined(kind))
            {
                messages.Add(((flags & IsShared) == 0 ? kind : throw bytes.NotRead($"shared parts in the header of {what}"), data.ToArray()));
            }

            block = block[(head + length)..];
        }
    }

    /// <summary>A number of 1, 2, 4 or 8 bytes.</summary>
    public static long Little(ReadOnlySpan<byte> bytes)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        bytes.CopyTo(wide);
        return (long)Math.Min(Hdf5Bytes.UInt64(wide), long.MaxValue);
    }
}
