namespace ReidCloud.Datasets;

/// <summary>What the elements of an array are.</summary>
public enum Hdf5Kind
{
    Integer,
    Float,

    /// <summary>The address of another object: a cell of MATLAB's.</summary>
    Reference,
    Other,
}

/// <summary>An array of an HDF5 file: its dimensions, the slowest first (MATLAB's the other way round), and its elements as they are stored.</summary>
public sealed class Hdf5Array
{
    private const int MostDimensions = 32;
    private readonly Hdf5Bytes _bytes;
    private readonly byte[] _layout;
    private readonly byte[]? _filters;
    private readonly string _what;

    private Hdf5Array(Hdf5Bytes bytes, byte[] layout, byte[]? filters, string what) => (_bytes, _layout, _filters, _what) = (bytes, layout, filters, what);

    public required IReadOnlyList<long> Dimensions { get; init; }

    public required Hdf5Kind Kind { get; init; }

    /// <summary>Bytes of an element.</summary>
    public required int Width { get; init; }

    public required bool IsSigned { get; init; }

    public required long Count { get; init; }

    internal static Hdf5Array Of(Hdf5Bytes bytes, IReadOnlyList<(Hdf5Message Kind, byte[] Data)> header, string what)
    {
        byte[]? Of(Hdf5Message kind) => header.FirstOrDefault(message => message.Kind == kind).Data;
        if (Of(Hdf5Message.Dataspace) is not { Length: >= 4 } space || Of(Hdf5Message.Datatype) is not { Length: >= 8 } type || Of(Hdf5Message.Layout) is not { Length: >= 2 } layout)
        {
            throw bytes.Fault($"{what} is no array");
        }

        var dimensions = DimensionsOf(bytes, space, what);
        var width = Hdf5Bytes.UInt32(type.AsSpan(4));
        var count = dimensions.Aggregate((Int128)1, (product, dimension) => product * dimension);
        return width == 0 || width > ushort.MaxValue || count * width > int.MaxValue
            ? throw bytes.NotRead($"{what} of {count} elements of {width} bytes")
            : new Hdf5Array(bytes, layout, Of(Hdf5Message.Filters), what)
            {
                Dimensions = dimensions,
                Kind = KindOf(type),
                Width = (int)width,
                IsSigned = (type[1] & 8) != 0,
                Count = (long)count,
            };
    }

    /// <summary>All elements, one after the other.</summary>
    /// <param name="most">No more bytes than these.</param>
    /// <exception cref="Hdf5Exception"/>
    public byte[] Read(int most)
    {
        var length = Count * Width;
        if (length > most)
        {
            throw _bytes.Fault($"{_what} has {length} bytes; at most {most} are read");
        }

        return (_layout[0], _layout[1]) switch
        {
            _ when length == 0 => [],
            (3 or 4, 0) => Compact(length),
            (3 or 4, 1) when _layout.Length >= 18 => _bytes.Read(Hdf5Bytes.UInt64(_layout.AsSpan(2)), length, _what),
            (3, 2) => Hdf5Chunks.Read(_bytes, _layout, _filters, [.. Dimensions.Select(dimension => (int)dimension)], Width, _what),
            _ => throw _bytes.NotRead($"{_what} stored in a form {_layout[1]} of version {_layout[0]}"),
        };
    }

    /// <summary>The addresses of other objects.</summary>
    /// <exception cref="Hdf5Exception">These are none.</exception>
    public ulong[] References(int most)
    {
        if (Kind != Hdf5Kind.Reference || Width != sizeof(ulong) || Count > most)
        {
            throw _bytes.Fault($"{_what} is not a table of cells, or of more than {most}");
        }

        var elements = Read(most * sizeof(ulong));
        return [.. Enumerable.Range(0, (int)Count).Select(place => Hdf5Bytes.UInt64(elements.AsSpan(place * sizeof(ulong))))];
    }

    /// <summary>Numbers of any type, as MATLAB keeps them.</summary>
    /// <exception cref="Hdf5Exception">These are none.</exception>
    public double[] Numbers(int most)
    {
        if (Kind is not (Hdf5Kind.Integer or Hdf5Kind.Float) || Count > most)
        {
            throw _bytes.Fault($"{_what} is not a table of numbers, or of more than {most}");
        }

        var elements = Read(most * Width);
        return [.. Enumerable.Range(0, (int)Count).Select(place => Number(elements.AsSpan(place * Width, Width)))];
    }

    private double Number(ReadOnlySpan<byte> element) => (Kind, Width, IsSigned) switch
    {
        (Hdf5Kind.Float, 8, _) => BitConverter.ToDouble(element),
        (Hdf5Kind.Float, 4, _) => BitConverter.ToSingle(element),
        (Hdf5Kind.Integer, 1, true) => (sbyte)element[0],
        (Hdf5Kind.Integer, 2, true) => BitConverter.ToInt16(element),
        (Hdf5Kind.Integer, 4, true) => BitConverter.ToInt32(element),
        (Hdf5Kind.Integer, 8, true) => BitConverter.ToInt64(element),
        (Hdf5Kind.Integer, 1 or 2 or 4 or 8, false) => Hdf5Object.Little(element),
        _ => throw _bytes.NotRead($"{_what} of numbers of {Width} bytes"),
    };

    private byte[] Compact(long length) =>
        _layout.Length >= 4 + length && Hdf5Bytes.UInt16(_layout.AsSpan(2)) >= length ? _layout[4..(int)(4 + length)] : throw _bytes.Fault($"{_what} is cut off");

    /// <summary>Of a single element: none.</summary>
    private static long[] DimensionsOf(Hdf5Bytes bytes, ReadOnlySpan<byte> space, string what)
    {
        var (version, rank) = (space[0], space[1]);
        var at = version switch { 1 => 8, 2 => 4, _ => throw bytes.NotRead($"dimensions of {what} of version {version}") };
        if (rank > MostDimensions || space.Length < at + (rank * sizeof(ulong)))
        {
            throw bytes.Fault($"the dimensions of {what} are cut off");
        }

        var dimensions = new long[rank];
        for (var place = 0; place < rank; place++)
        {
            dimensions[place] = Hdf5Bytes.UInt64(space[(at + (place * sizeof(ulong)))..]) is var dimension && dimension <= int.MaxValue
                ? (long)dimension
                : throw bytes.NotRead($"{what} with a dimension of {dimension}");
        }

        return version == 2 && space[3] == 2 ? [0] : dimensions;
    }

    /// <summary>Numbers only in little-endian order, references only to objects.</summary>
    private static Hdf5Kind KindOf(ReadOnlySpan<byte> type) => (type[0] & 0x0F, type[1]) switch
    {
        (0, var bits) when (bits & 1) == 0 => Hdf5Kind.Integer,
        (1, var bits) when (bits & 0x41) == 0 => Hdf5Kind.Float,
        (7, var bits) when (bits & 0x0F) == 0 => Hdf5Kind.Reference,
        _ => Hdf5Kind.Other,
    };
}
