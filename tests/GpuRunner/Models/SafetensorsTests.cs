using System.Buffers.Binary;
using System.Text;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models;

public sealed class SafetensorsTests : TorchTests
{
    private const string Entry = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    [Fact]
    public void Everything_written_is_read_back_to_the_last_bit()
    {
        using var scope = NewDisposeScope();
        (string Name, Tensor Value)[] tensors =
        [
            ("f64", tensor([double.Epsilon, Math.PI, double.NaN])),
            ("f32", tensor([1.5f, float.NegativeInfinity]).view(1, 2)),
            ("f16", tensor([1.5f, -2]).to(ScalarType.Float16)),
            ("bf16", tensor([1.5f, -2]).to(ScalarType.BFloat16)),
            ("i64", tensor(long.MinValue)),
            ("i32", tensor([1, -1])),
            ("u8", tensor(new byte[] { 0, 255 })),
            ("bool", tensor(new[] { true, false })),
            ("empty", empty(0, 3)),
            ("turned", arange(6).view(2, 3).transpose(0, 1)),
            ("ünïcode \"", tensor(1L)),
        ];
        using var stream = new MemoryStream();

        Safetensors.Write(stream, new Dictionary<string, string> { ["key"] = "value \n\"" }, tensors);

        stream.Position = 0;
        var header = SafetensorsHeader.Read(stream);
        Assert.Equal(0, stream.Position % 8);
        Assert.Equal("value \n\"", header.Metadata["key"]);
        var read = Safetensors.ReadTensors(stream, header).ToList();
        Assert.Equal(stream.Length, stream.Position);
        foreach (var (name, value) in tensors)
        {
            var (entry, back) = read.Single(pair => pair.Entry.Name == name);
            Assert.Equal(value.dtype, back.dtype);
            Assert.Equal(value.shape, back.shape);
            Assert.Equal(value.contiguous().bytes.ToArray(), back.bytes.ToArray());
        }
    }

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
    [InlineData("[]", 0)]
    [InlineData(" {}", 0)]
    [InlineData("{", 0)]
    [InlineData("", 0)]
    public void Refuses_a_header_that_lies(string header, int data)
    {
        using var stream = new MemoryStream(File(Encoding.UTF8.GetBytes(header), new byte[data]));

        Assert.Throws<InvalidDataException>(() => SafetensorsHeader.Read(stream));
    }

    [Fact]
    public void Refuses_a_header_length_beyond_the_file_or_the_limit()
    {
        foreach (var length in new ulong[] { 3, SafetensorsHeader.MaxLength + 1, ulong.MaxValue, long.MaxValue })
        {
            var file = File("{}"u8, []);
            BinaryPrimitives.WriteUInt64LittleEndian(file, length);
            using var stream = new MemoryStream(file);
            Assert.Throws<InvalidDataException>(() => SafetensorsHeader.Read(stream));
        }

        using var tiny = new MemoryStream([1, 2, 3]);
        Assert.Throws<InvalidDataException>(() => SafetensorsHeader.Read(tiny));
        using var foreign = new MemoryStream(File([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)'}'], []));
        Assert.Throws<InvalidDataException>(() => SafetensorsHeader.Read(foreign));
    }

    [Fact]
    public void Whatever_is_changed_in_a_header_is_refused_or_still_describes_the_file()
    {
        using var scope = NewDisposeScope();
        using var whole = new MemoryStream();
        Safetensors.Write(whole, new Dictionary<string, string> { ["a"] = "b" }, [("x", ones(3)), ("y", zeros(2, 2)), ("z", tensor(1L))]);
        var original = whole.ToArray();
        var random = Seeding.Stream(1, "test/mutation");
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var mutated = original.ToArray();
            for (var change = 0; change <= random.NextInt(3); change++)
            {
                mutated[random.NextInt(mutated.Length - 36)] = (byte)random.NextInt(256);
            }

            if (random.NextInt(4) == 0)
            {
                mutated = mutated[..random.NextInt(mutated.Length)];
            }

            using var stream = new MemoryStream(mutated);
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

    private static byte[] File(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        var file = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file.AsSpan(8));
        data.CopyTo(file.AsSpan(8 + header.Length));
        return file;
    }
}
