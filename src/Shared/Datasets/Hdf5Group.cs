using System.Text;

namespace ReidCloud.Datasets;

/// <summary>The members of a group: in nodes of symbols under a B-tree, with their names in a heap, or as links in the group's own header.</summary>
internal static class Hdf5Group
{
    private const int MostMembers = 100_000;
    private const int LongestName = 1000;
    private const int SymbolLength = 40;
    private const int NodeHead = 8;

    /// <exception cref="Hdf5Exception"/>
    public static IReadOnlyDictionary<string, ulong> Members(Hdf5Bytes bytes, IReadOnlyList<(Hdf5Message Kind, byte[] Data)> header)
    {
        var members = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var (kind, data) in header)
        {
            switch (kind)
            {
                case Hdf5Message.SymbolTable when data.Length >= 16:
                    Symbols(bytes, Hdf5Bytes.UInt64(data), Heap(bytes, Hdf5Bytes.UInt64(data.AsSpan(8))), members);
                    break;
                case Hdf5Message.Link:
                    Link(bytes, data, members);
                    break;
                case Hdf5Message.Links when data.Length >= 18 && HasHeap(data):
                    throw bytes.NotRead("a group of many links in a heap of their own");
            }
        }

        return members;
    }

    private static void Symbols(Hdf5Bytes bytes, ulong tree, byte[] heap, Dictionary<string, ulong> members)
    {
        foreach (var (_, address) in Hdf5Tree.Leaves(bytes, tree, Hdf5Tree.Groups, keyLength: 8, "a group"))
        {
            var head = bytes.Read(address, NodeHead, "a node of a group");
            var count = head.AsSpan().StartsWith("SNOD"u8) ? Hdf5Bytes.UInt16(head.AsSpan(6)) : throw bytes.Fault("a group has no node where it should");
            var symbols = bytes.Read(address + NodeHead, count * SymbolLength, "a node of a group");
            for (var symbol = 0; symbol < count; symbol++)
            {
                var entry = symbols.AsSpan(symbol * SymbolLength);
                Add(bytes, NameAt(bytes, heap, Hdf5Bytes.UInt64(entry)), Hdf5Bytes.UInt64(entry[8..]), members);
            }
        }
    }

    private static byte[] Heap(Hdf5Bytes bytes, ulong address)
    {
        var head = bytes.Read(address, 32, "the heap of names of a group");
        return head.AsSpan().StartsWith("HEAP"u8)
            ? bytes.Read(Hdf5Bytes.UInt64(head.AsSpan(24)), (long)Math.Min(Hdf5Bytes.UInt64(head.AsSpan(8)), long.MaxValue), "the names of a group")
            : throw bytes.Fault("a group has no heap of names where it should");
    }

    private static string NameAt(Hdf5Bytes bytes, ReadOnlySpan<byte> heap, ulong offset)
    {
        var rest = offset < (ulong)heap.Length ? heap[(int)offset..] : throw bytes.Fault("a name of a group lies outside its heap");
        var end = rest.IndexOf((byte)0);
        return end is >= 0 and <= LongestName ? Encoding.UTF8.GetString(rest[..end]) : throw bytes.Fault("a name of a group does not end");
    }

    private static void Link(Hdf5Bytes bytes, ReadOnlySpan<byte> link, Dictionary<string, ulong> members)
    {
        var flags = link.Length > 2 ? link[1] : throw bytes.Fault("a link of a group is cut off");
        var at = 2 + ((flags & 8) != 0 ? 1 : 0) + ((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0);
        var width = 1 << (flags & 3);
        var length = link.Length >= at + width ? Hdf5Object.Little(link.Slice(at, width)) : long.MaxValue;
        if (length > LongestName || link.Length < at + width + length)
        {
            throw bytes.Fault("a link of a group is cut off");
        }

        // Only a hard link is an address; soft ones are names of such.
        var target = link[(at + width + (int)length)..];
        if (((flags & 8) == 0 || link[2] == 0) && target.Length >= 8)
        {
            Add(bytes, Encoding.UTF8.GetString(link.Slice(at + width, (int)length)), Hdf5Bytes.UInt64(target), members);
        }
    }

    private static void Add(Hdf5Bytes bytes, string name, ulong address, Dictionary<string, ulong> members)
    {
        if (members.Count == MostMembers)
        {
            throw bytes.Fault($"a group has more than {MostMembers} members");
        }

        if (!members.TryAdd(name, address))
        {
            throw bytes.Fault($"a group has '{ForeignText.Shown(name, 100)}' twice");
        }
    }

    private static bool HasHeap(ReadOnlySpan<byte> links) => Hdf5Bytes.UInt64(links[((links[1] & 1) != 0 ? 10 : 2)..]) != Hdf5Bytes.Undefined;
}
