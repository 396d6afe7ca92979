namespace ReidCloud.Datasets;

/// <summary>An array in chunks: equal blocks, each stored by itself, perhaps shuffled (first bytes of all elements, then second ones, …) and deflated.</summary>
internal sealed class Hdf5Chunks
{
    private const int Head = 3;
    private const int AddressLength = 8;

    /// <summary>Deflate cannot expand by more than about 1032.</summary>
    private const int LargestRatio = 1100;
    private readonly Hdf5Bytes _bytes;
    private readonly IReadOnlyList<Hdf5Filter> _filters;
    private readonly int[] _dimensions;
    private readonly int[] _chunk;
    private readonly int _width;
    private readonly string _what;

    private Hdf5Chunks(Hdf5Bytes bytes, IReadOnlyList<Hdf5Filter> filters, int[] dimensions, int[] chunk, int width, string what) =>
        (_bytes, _filters, _dimensions, _chunk, _width, _what) = (bytes, filters, dimensions, chunk, width, what);

    private long ChunkLength => _chunk.Aggregate((long)_width, (length, side) => length * side);

    /// <param name="layout">The message, of version 3.</param>
    /// <exception cref="Hdf5Exception"/>
    public static byte[] Read(Hdf5Bytes bytes, ReadOnlySpan<byte> layout, byte[]? filters, int[] dimensions, int width, string what)
    {
        var sides = layout.Length > Head + AddressLength ? layout[(Head + AddressLength)..] : [];
        if (layout[2] != dimensions.Length + 1 || dimensions.Length == 0 || sides.Length < layout[2] * sizeof(uint))
        {
            throw bytes.Fault($"{what} and its chunks do not fit");
        }

        var chunk = new int[dimensions.Length];
        Int128 length = width;
        for (var side = 0; side < chunk.Length; side++)
        {
            var elements = Hdf5Bytes.UInt32(sides[(side * sizeof(uint))..]);
            length *= elements;
            chunk[side] = elements is > 0 and <= int.MaxValue && length <= int.MaxValue ? (int)elements : throw bytes.Fault($"{what} has chunks of an impossible size");
        }

        return new Hdf5Chunks(bytes, Hdf5Filter.Of(bytes, filters, what), dimensions, chunk, width, what).Read(Hdf5Bytes.UInt64(layout[Head..]));
    }

    private byte[] Read(ulong tree)
    {
        var leaves = Hdf5Tree.Leaves(_bytes, tree, Hdf5Tree.Chunks, keyLength: 8 + ((_chunk.Length + 1) * sizeof(ulong)), _what);
        var needed = _dimensions.Zip(_chunk).Aggregate(1L, (product, side) => product * (((long)side.First + side.Second - 1) / side.Second));
        if (leaves.Count != needed || leaves.Sum(leaf => (long)Hdf5Bytes.UInt32(leaf.Key)) > _bytes.Length
            || leaves.Any(leaf => (long)Hdf5Bytes.UInt32(leaf.Key) * (_filters.Count > 0 ? LargestRatio : 1) < ChunkLength))
        {
            throw _bytes.Fault($"{_what} lacks some of its {needed} chunks, or they are too short");
        }

        var elements = new byte[_dimensions.Aggregate((long)_width, (length, side) => length * side)];
        var seen = new HashSet<long>();
        foreach (var (key, address) in leaves)
        {
            var stored = _bytes.Read(address, Hdf5Bytes.UInt32(key), $"a chunk of {_what}");
            Place(Hdf5Filter.Undo(_bytes, _filters, stored, Hdf5Bytes.UInt32(key.AsSpan(4)), (int)ChunkLength, _what), key.AsSpan(8), elements, seen);
        }

        return elements;
    }

    /// <param name="offsets">Where the chunk begins, in elements along each side.</param>
    private void Place(byte[] chunk, ReadOnlySpan<byte> offsets, byte[] elements, HashSet<long> seen)
    {
        var from = new int[_chunk.Length];
        for (var side = 0; side < from.Length; side++)
        {
            var offset = Hdf5Bytes.UInt64(offsets[(side * sizeof(ulong))..]);
            from[side] = offset < (ulong)_dimensions[side] && offset % (uint)_chunk[side] == 0 ? (int)offset : throw _bytes.Fault($"a chunk of {_what} lies outside it");
        }

        if (!seen.Add(Target(from, 0)!.Value))
        {
            throw _bytes.Fault($"a chunk of {_what} is there twice");
        }

        // Rows along the last side are in one piece in both.
        var rows = ChunkLength / _width / _chunk[^1];
        var run = Math.Min(_chunk[^1], _dimensions[^1] - from[^1]) * _width;
        for (long row = 0; row < rows; row++)
        {
            if (Target(from, row) is { } target)
            {
                chunk.AsSpan(checked((int)(row * _chunk[^1] * _width)), run).CopyTo(elements.AsSpan((int)(target * _width)));
            }
        }
    }

    /// <summary>Where a chunk's row begins in the array; null for one that stands over its edge.</summary>
    private long? Target(int[] from, long row)
    {
        long target = from[^1];
        long step = _dimensions[^1];
        for (var side = _chunk.Length - 2; side >= 0; side--)
        {
            var place = from[side] + (row % _chunk[side]);
            if (place >= _dimensions[side])
            {
                return null;
            }

            target += place * step;
            step *= _dimensions[side];
            row /= _chunk[side];
        }

        return target;
    }
}
