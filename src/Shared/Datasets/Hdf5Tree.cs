namespace ReidCloud.Datasets;

/// <summary>A B-tree of version 1: what its leaves point to, each with the key in front of it, from left to right.</summary>
internal static class Hdf5Tree
{
    public const byte Groups = 0;
    public const byte Chunks = 1;

    private const int MostLeaves = 1_000_000;
    private const int HeadLength = 24;
    private const int AddressLength = 8;

    /// <exception cref="Hdf5Exception">It is no such tree, or it leads in circles.</exception>
    public static List<(byte[] Key, ulong Address)> Leaves(Hdf5Bytes bytes, ulong address, byte kind, int keyLength, string what)
    {
        var leaves = new List<(byte[], ulong)>();
        if (address != Hdf5Bytes.Undefined)
        {
            Walk(bytes, address, kind, keyLength, what, level: null, [], leaves);
        }

        return leaves;
    }

    private static void Walk(Hdf5Bytes bytes, ulong address, byte kind, int keyLength, string what, int? level, HashSet<ulong> seen, List<(byte[], ulong)> leaves)
    {
        var head = bytes.Read(address, HeadLength, $"the tree of {what}");
        if (!head.AsSpan().StartsWith("TREE"u8) || head[4] != kind || (level is { } expected && head[5] != expected) || !seen.Add(address))
        {
            throw bytes.Fault($"the tree of {what} is none");
        }

        var count = Hdf5Bytes.UInt16(head.AsSpan(6));
        var step = keyLength + AddressLength;
        var nodes = bytes.Read(address + HeadLength, count * step, $"the tree of {what}");
        for (var node = 0; node < count; node++)
        {
            var child = Hdf5Bytes.UInt64(nodes.AsSpan((node * step) + keyLength));
            if (head[5] > 0)
            {
                // Levels fall, so it ends; no depth to speak of: a tree of 255 levels has a node of each.
                Walk(bytes, child, kind, keyLength, what, head[5] - 1, seen, leaves);
            }
            else
            {
                leaves.Add(leaves.Count < MostLeaves ? (nodes[(node * step)..((node * step) + keyLength)], child) : throw bytes.Fault($"the tree of {what} has more than {MostLeaves} leaves"));
            }
        }
    }
}
