using ReidCloud.GpuRunner.Models;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models;

public sealed class SafetensorsTests : TorchTests
{
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
}
