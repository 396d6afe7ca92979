using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ReidCloud.Pickles;

namespace ReidCloud.Datasets;

/// <summary>What NumPy says of the items of an array: `S24`, `U24`, `i8`, and later in which order their bytes are.</summary>
internal sealed class NumpyType(char kind, int size)
{
    public char Kind { get; } = kind;

    /// <summary>Bytes of an item.</summary>
    public int Bytes { get; } = kind == 'U' ? size * sizeof(uint) : size;

    public bool IsBigEndian { get; set; }

    public bool IsText => Kind is 'S' or 'U';

    /// <summary>Null: it is none that lists of names and numbers are made of.</summary>
    public static NumpyType? Of(string text)
    {
        var digits = text.AsSpan(Math.Min(1, text.Length));
        return text.Length > 1 && text[0] is 'S' or 'U' or 'i' or 'u' or 'b' or 'O'
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is > 0 and <= 512
            && (text[0] is 'S' or 'U' or 'O' || size is 1 or 2 or 4 or 8)
                ? new NumpyType(text[0], size)
                : null;
    }

    /// <summary>A text without the zeros that fill it, or a number.</summary>
    public object? Item(ReadOnlySpan<byte> bytes) => Kind switch
    {
        'S' => Encoding.Latin1.GetString(bytes.TrimEnd((byte)0)),
        'U' => Letters(bytes),
        'i' => Number(bytes, isSigned: true),
        'u' => Number(bytes, isSigned: false),
        'b' => bytes[0] != 0,
        _ => null,
    };

    private string? Letters(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (; bytes.Length > 0; bytes = bytes[sizeof(uint)..])
        {
            var letter = IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            if (!Rune.IsValid((int)letter))
            {
                return null;
            }

            text.Append(new Rune(letter).ToString());
        }

        return text.ToString().TrimEnd('\0');
    }

    /// <summary>Null: it is more than any number of a data set.</summary>
    private object? Number(ReadOnlySpan<byte> bytes, bool isSigned)
    {
        Span<byte> wide = stackalloc byte[sizeof(long)];
        wide.Fill(isSigned && (bytes[IsBigEndian ? 0 : ^1] & 0x80) != 0 ? byte.MaxValue : (byte)0);
        for (var i = 0; i < bytes.Length; i++)
        {
            wide[i] = bytes[IsBigEndian ? ^(i + 1) : i];
        }

        var number = BinaryPrimitives.ReadInt64LittleEndian(wide);
        return isSigned || number >= 0 ? number : null;
    }
}

/// <summary>An array of one dimension, made empty and then given its type and content.</summary>
internal sealed class NumpyArray
{
    public NumpyType? Type { get; set; }

    public int Count { get; set; }

    /// <summary>The bytes of all items; or, of objects, the items themselves.</summary>
    public object? Content { get; set; }

    /// <summary>Null where one cannot be told.</summary>
    public IEnumerable<object?> Items()
    {
        switch (Content)
        {
            case List<object?> objects:
                return objects;
            case byte[] bytes:
                return Enumerable.Range(0, Count).Select(i => Type!.Item(bytes.AsSpan(i * Type.Bytes, Type.Bytes)));
            default:
                return [];
        }
    }
}
