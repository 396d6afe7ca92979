using System.Buffers.Binary;
using System.Text;

namespace ReidCloud.Datasets;

/// <summary>How an element of a MAT file is stored (the format's mi… numbers).</summary>
public enum MatType
{
    Int8 = 1,
    UInt8 = 2,
    Int16 = 3,
    UInt16 = 4,
    Int32 = 5,
    UInt32 = 6,
    Single = 7,
    Double = 9,
    Int64 = 12,
    UInt64 = 13,
    Matrix = 14,
    Compressed = 15,
    Utf8 = 16,
    Utf16 = 17,
}

/// <summary>What a matrix is to MATLAB (the format's mx…_CLASS numbers): the numeric ones are consecutive.</summary>
internal enum MatClass
{
    Cell = 1,
    Text = 4,
    Double = 6,
    UInt64 = 15,
}

/// <summary>One tagged piece of a MAT file.</summary>
internal readonly ref struct MatElement(MatType type, ReadOnlySpan<byte> bytes)
{
    public readonly MatType Type = type;
    public readonly ReadOnlySpan<byte> Bytes = bytes;
}

/// <summary>Walks over the elements of a MAT file or of a matrix in it.</summary>
internal ref struct MatReader(ReadOnlySpan<byte> bytes, bool bigEndian, string file)
{
    private const int TagLength = 8;
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly string File => file;

    /// <summary>A reader of what an element consists of.</summary>
    public readonly MatReader Inside(MatElement element) => new(element.Bytes, bigEndian, file);

    public readonly bool AtEnd => _at >= _bytes.Length;

    /// <summary>The next element; a matrix's parts are padded to eight bytes each.</summary>
    public MatElement Next(bool padded = true)
    {
        if (_bytes.Length - _at < TagLength)
        {
            throw Fault($"it ends inside an element's tag at byte {_at}");
        }

        var tag = _bytes[_at..];
        var word = UInt32(tag);
        var small = word >> 16;
        if (small != 0)
        {
            // Up to four bytes in the tag itself: their count in its upper half.
            if (small > 4)
            {
                throw Fault($"the element at byte {_at} has an impossible length");
            }

            _at += TagLength;
            return new MatElement((MatType)(word & 0xFFFF), tag.Slice(4, (int)small));
        }

        var length = UInt32(tag[4..]);
        if (length > (uint)(_bytes.Length - _at - TagLength))
        {
            throw Fault($"the element at byte {_at} is longer than what is left");
        }

        _at += TagLength + (int)length;
        if (padded)
        {
            Align();
        }

        return new MatElement((MatType)word, tag.Slice(TagLength, (int)length));
    }

    public void Align() => _at = (int)Math.Min(((long)_at + 7) & ~7L, _bytes.Length);

    public readonly MatException Fault(string what) => new($"{file} is damaged: {what}. Save and upload it again.");

    public readonly uint UInt32(ReadOnlySpan<byte> from) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(from) : BinaryPrimitives.ReadUInt32LittleEndian(from);

    public readonly int Int32(ReadOnlySpan<byte> from) => (int)UInt32(from);

    /// <summary>What a matrix is whose first part this is; 0 where that does not say it.</summary>
    public readonly MatClass Class(MatElement flags) =>
        flags.Type == MatType.UInt32 && flags.Bytes.Length >= 8 ? (MatClass)(UInt32(flags.Bytes) & 0xFF) : 0;

    /// <summary>Bytes per value; 0 for what is not a number.</summary>
    public static int Width(MatType type) => type switch
    {
        MatType.Int8 or MatType.UInt8 => 1,
        MatType.Int16 or MatType.UInt16 => 2,
        MatType.Int32 or MatType.UInt32 or MatType.Single => 4,
        MatType.Double or MatType.Int64 or MatType.UInt64 => 8,
        _ => 0,
    };

    /// <summary>Letters as any release of MATLAB keeps them; null for what is none.</summary>
    public readonly string? Letters(MatElement element) => element.Type switch
    {
        MatType.Int8 or MatType.UInt8 => Encoding.Latin1.GetString(element.Bytes),
        MatType.Utf8 => Encoding.UTF8.GetString(element.Bytes),
        MatType.UInt16 or MatType.Utf16 => (bigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(element.Bytes),
        _ => null,
    };

    public readonly double[] Doubles(MatElement element)
    {
        var width = Width(element.Type);
        var values = new double[width == 0 ? 0 : element.Bytes.Length / width];
        Span<byte> value = stackalloc byte[8];
        for (var i = 0; i < values.Length; i++)
        {
            element.Bytes.Slice(i * width, width).CopyTo(value);
            if (bigEndian)
            {
                value[..width].Reverse();
            }

            values[i] = element.Type switch
            {
                MatType.Int8 => (sbyte)value[0],
                MatType.UInt8 => value[0],
                MatType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(value),
                MatType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(value),
                MatType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(value),
                MatType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(value),
                MatType.Single => BinaryPrimitives.ReadSingleLittleEndian(value),
                MatType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(value),
                MatType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(value),
                _ => BinaryPrimitives.ReadDoubleLittleEndian(value),
            };
        }

        return values;
    }
}
