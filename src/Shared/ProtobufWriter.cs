using System.Buffers.Binary;
using System.Text;

namespace ReidCloud;

/// <summary>
/// Writes a message in protobuf's wire format, field by field in the order of the calls (protobuf.dev/programming-guides/encoding). A message within it is
/// counted first and then written, so that none is held in memory, however large.
/// </summary>
public sealed class ProtobufWriter
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private readonly Stream? _to;
    private long _length;

    private ProtobufWriter(Stream? to) => _to = to;

    public static void Write(Stream to, Action<ProtobufWriter> message) => message(new ProtobufWriter(to));

    public static byte[] Bytes(Action<ProtobufWriter> message)
    {
        using var bytes = new MemoryStream();
        Write(bytes, message);
        return bytes.ToArray();
    }

    /// <summary>int32, int64 and enum: one that is negative takes ten bytes.</summary>
    public void Integer(int field, long value)
    {
        Key(field, Varint);
        Unsigned((ulong)value);
    }

    public void Float(int field, float value)
    {
        Key(field, Fixed32);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Raw(bytes);
    }

    public void Double(int field, double value)
    {
        Key(field, Fixed64);
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        Raw(bytes);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Key(field, LengthDelimited);
        Unsigned((ulong)value.Length);
        Raw(value);
    }

    public void Message(int field, Action<ProtobufWriter> message)
    {
        var counted = new ProtobufWriter(null);
        message(counted);
        Key(field, LengthDelimited);
        Unsigned((ulong)counted._length);
        message(this);
    }

    private void Key(int field, int wireType) => Unsigned(((ulong)field << 3) | (uint)wireType);

    private void Unsigned(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        var length = 0;
        for (; value > 0x7F; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
        Raw(bytes[..length]);
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        _length += bytes.Length;
        _to?.Write(bytes);
    }
}
