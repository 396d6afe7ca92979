using System.Buffers.Binary;
using System.Text;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Shared.Weights;

public sealed class SafetensorsHeaderTests
{
    private const string Entry = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    /// <summary>Texts with which a header can be long, each made for one way of reading it.</summary>
    private static readonly Dictionary<string, string> Long = new()
    {
        ["a shape of millions"] = $$$"""{"a":{"dtype":"F32","shape":[{{{Repeat("1,", 4_000_000)}}}1],"data_offsets":[0,8]}}""",
        ["a shape of millions, with a list at its end"] = $$$"""{"a":{"dtype":"F32","shape":[{{{Repeat("1,", 4_000_000)}}}[]],"data_offsets":[0,8]}}""",
        ["a name of millions"] = $$$"""{"{{{Repeat("n", 8_000_000)}}}":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""",
        ["a type of millions"] = $$$"""{"a":{"dtype":"{{{Repeat("n", 8_000_000)}}}","shape":[2],"data_offsets":[0,8]}}""",
        ["a number of millions of digits"] = $$$"""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,{{{Repeat("8", 8_000_000)}}}]}}""",
        ["members by the million"] = $$$"""{"a":{{{{Repeat("\"a\":0,", 1_000_000)}}}"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        ["lists in lists"] = Repeat("[", 8_000_000),
        ["dictionaries in dictionaries"] = Repeat("{\"a\":", 1_000_000),
    };

    public static TheoryData<string> Longs => [.. Long.Keys];

    [Theory]
    [InlineData("{" + Entry + "}", 7)]
    [InlineData("{" + Entry + "}", 9)]
    [InlineData("{" + Entry + "," + Entry + "}", 8)]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0)]
    [InlineData("""{"__metadata__":{"a":1}}""", 0)]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0)]
    [InlineData("""{"__metadata__":[]}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"extra":0}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F8","shape":[8],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":4,"shape":[2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2305843009213693952,8],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}""", 20)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}""", 8)]
    [InlineData("""{"a":[]}""", 0)]
    [InlineData("""{"a":{"b":{"c":{"d":{"e":0}}}}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1e0,2],"data_offsets":[0,8]},"\ud800":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", 8)]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"\ud800","shape":[2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"__metadata__":{"a":"\ud800"}}""", 0)]
    [InlineData("""{"a\u001b[2J":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8)]
    [InlineData("[]", 0)]
    [InlineData(" {}", 0)]
    [InlineData("{", 0)]
    [InlineData("", 0)]
    public void Refuses_a_header_that_lies(string header, int data)
    {
        using var stream = new MemoryStream(File(Encoding.UTF8.GetBytes(header), new byte[data]));

        Refuse(stream);
    }

    [Fact]
    public void Refuses_a_header_length_beyond_the_file_or_the_limit()
    {
        foreach (var length in new ulong[] { 3, SafetensorsHeader.MaxLength + 1, 100_000_000, ulong.MaxValue, long.MaxValue })
        {
            var file = File("{}"u8, []);
            BinaryPrimitives.WriteUInt64LittleEndian(file, length);
            using var stream = new MemoryStream(file);
            Refuse(stream);
        }

        using var tiny = new MemoryStream([1, 2, 3]);
        Refuse(tiny);
        using var foreign = new MemoryStream(File([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)'}'], []));
        Refuse(foreign);
    }

    [Theory]
    [MemberData(nameof(Longs))]
    public void Refuses_a_tooLongheader_in_little_memory_and_few_words(string name)
    {
        using var stream = new MemoryStream(File(Encoding.UTF8.GetBytes(Long[name]), new byte[8]));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Refuse(stream);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512L << 20);
    }

    [Fact]
    public void Refuses_to_write_what_it_would_not_read()
    {
        (string, TensorType, IReadOnlyList<long>)[] tooLong = [(new string('n', SafetensorsHeader.MaxLength), TensorType.Float32, [])];

        Assert.Throws<ArgumentException>(() => SafetensorsHeader.Write(Stream.Null, new Dictionary<string, string>(), tooLong));
    }

    [Fact]
    public void Whatever_is_changed_in_a_header_is_refused_or_still_describes_the_file()
    {
        using var whole = new MemoryStream();
        SafetensorsHeader.Write(
            whole,
            new Dictionary<string, string> { ["a"] = "b" },
            [("x", TensorType.Float32, [3]), ("y", TensorType.Float32, [2, 2]), ("z", TensorType.Int64, [])]);
        whole.Write(new byte[36]);
        var refused = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            using var stream = new MemoryStream(Mutation.Of(whole.ToArray(), seed));
            try
            {
                var header = SafetensorsHeader.Read(stream);
                Assert.Equal(stream.Length - stream.Position, header.Entries.Sum(entry => entry.End - entry.Begin));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 3000);
    }

    [Fact]
    public void A_header_that_ends_at_any_byte_before_its_end_is_refused()
    {
        var whole = File(Encoding.UTF8.GetBytes("{" + Entry + "}"), new byte[8]);
        for (var length = 0; length < whole.Length; length++)
        {
            using var stream = new MemoryStream(whole, 0, length);
            Refuse(stream);
        }
    }

    private static void Refuse(Stream stream)
    {
        var fault = Assert.Throws<InvalidDataException>(() => SafetensorsHeader.Read(stream));

        Assert.InRange(fault.Message.Length, 1, 1000);
        Assert.DoesNotContain(fault.Message, char.IsControl);
    }

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static byte[] File(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        var file = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file.AsSpan(8));
        data.CopyTo(file.AsSpan(8 + header.Length));
        return file;
    }
}
