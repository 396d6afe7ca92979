using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared;

public sealed class ProtobufWriterTests
{
    /// <summary>The examples of protobuf.dev/programming-guides/encoding, and one of each wire type.</summary>
    public static TheoryData<string, string> Known => new()
    {
        { "integer", "08 96 01" },
        { "negative", "08 FE FF FF FF FF FF FF FF FF 01" },
        { "text", "12 07 74 65 73 74 69 6E 67" },
        { "message", "1A 03 08 96 01" },
        { "float", "0D 00 00 80 3F" },
        { "double", "09 00 00 00 00 00 00 F0 3F" },
        { "high field", "A2 01 01 61" },
        { "empty message", "2A 00" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Writes_the_known_bytes(string what, string bytes) => Assert.Equal(
        bytes.Replace(" ", "", StringComparison.Ordinal),
        Convert.ToHexString(ProtobufWriter.Bytes(message =>
        {
            switch (what)
            {
                case "integer": message.Integer(1, 150); break;
                case "negative": message.Integer(1, -2); break;
                case "text": message.Text(2, "testing"); break;
                case "message": message.Message(3, inner => inner.Integer(1, 150)); break;
                case "float": message.Float(1, 1); break;
                case "double": message.Double(1, 1); break;
                case "high field": message.Text(20, "a"); break;
                case "empty message": message.Message(5, _ => { }); break;
            }
        })));

    [Fact]
    public void Messages_within_messages_are_read_back_with_their_lengths()
    {
        var long200 = new string('x', 200);

        var outer = ProtobufMessage.Read(ProtobufWriter.Bytes(message =>
        {
            message.Message(1, inner => inner.Message(2, innermost => innermost.Text(3, long200)));
            message.Integer(4, 7);
        }));

        Assert.Equal(long200, outer.Message(1).Message(2).Text(3));
        Assert.Equal(7, outer.Integer(4));
    }
}
