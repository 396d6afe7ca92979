using System.Buffers.Binary;
using System.Text;

namespace ReidCloud.Tests.Testing;

/// <summary>A protobuf message read field by field, without a schema: the slow, obvious way.</summary>
internal sealed record ProtobufMessage(IReadOnlyList<(int Field, object Value)> Fields)
{
    public static ProtobufMessage Read(ReadOnlySpan<byte> bytes)
    {
        var fields = new List<(int, object)>();
        while (bytes.Length > 0)
        {
            var key = Unsigned(ref bytes);
            object value;
            switch (key & 7)
            {
                case 0:
                    value = (long)Unsigned(ref bytes);
                    break;
                case 1:
                    value = BinaryPrimitives.ReadDoubleLittleEndian(bytes);
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)Unsigned(ref bytes);
                    value = bytes[..length].ToArray();
                    bytes = bytes[length..];
                    break;
                case 5:
                    value = BinaryPrimitives.ReadSingleLittleEndian(bytes);
                    bytes = bytes[4..];
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }

            fields.Add(((int)(key >> 3), value));
        }

        return new ProtobufMessage(fields);
    }

    public IEnumerable<T> All<T>(int field) => Fields.Where(entry => entry.Field == field).Select(entry => (T)entry.Value);

    public long Integer(int field) => All<long>(field).Single();

    public byte[] Bytes(int field) => All<byte[]>(field).Single();

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public IEnumerable<string> Texts(int field) => All<byte[]>(field).Select(Encoding.UTF8.GetString);

    public ProtobufMessage Message(int field) => Read(Bytes(field));

    public IEnumerable<ProtobufMessage> Messages(int field) => All<byte[]>(field).Select(bytes => Read(bytes));

    private static ulong Unsigned(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var octet = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(octet & 0x7F) << shift;
            if (octet < 0x80)
            {
                return value;
            }
        }
    }
}
