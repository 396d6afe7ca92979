using System.Runtime.InteropServices;
using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

[Collection(TorchCollection.Name)]
public sealed class TensorDataTests : TorchTest
{
    [Fact]
    public void Arrays_of_every_type_come_back_as_they_went()
    {
        Assert.Equal([1.5f, -2f], tensor(new[] { 1.5f, -2f }).data<float>().ToArray());
        Assert.Equal([1.5, -2], tensor(new[] { 1.5, -2 }).data<double>().ToArray());
        Assert.Equal([(Half)1.5f], tensor(new[] { (Half)1.5f }).data<Half>().ToArray());
        Assert.Equal([1L << 40], tensor(new[] { 1L << 40 }).data<long>().ToArray());
        Assert.Equal([int.MinValue], tensor(new[] { int.MinValue }).data<int>().ToArray());
        Assert.Equal([(byte)255], tensor(new byte[] { 255 }).data<byte>().ToArray());
        Assert.Equal([true, false], tensor(new[] { true, false }).data<bool>().ToArray());
    }

    [Fact]
    public void Shapes_come_from_the_arguments_or_from_the_array()
    {
        Assert.Equal([2, 2], tensor(new float[,] { { 1, 2 }, { 3, 4 } }).shape);
        Assert.Equal([1, 2, 2], tensor(new float[] { 1, 2, 3, 4 }, [1, 2, 2]).shape);
        Assert.Equal([2, 2], tensor(new List<long> { 1, 2, 3, 4 }, 2, 2).shape);
        Assert.Equal([3], tensor(new float[] { 1, 2, 3 }.AsMemory(), [3]).shape);
        Assert.Empty(tensor(1f).shape);
        Assert.Throws<ArgumentException>(() => tensor(new float[] { 1, 2, 3 }, [2, 2]));
    }

    [Fact]
    public void A_tensor_has_the_type_it_was_asked_for()
    {
        Assert.Equal(ScalarType.Float32, tensor(1f).dtype);
        Assert.Equal(ScalarType.Float64, tensor(1.0).dtype);
        Assert.Equal(ScalarType.Int64, tensor(1L).dtype);
        Assert.Equal(ScalarType.Int32, tensor(1).dtype);
        Assert.Equal(ScalarType.Bool, tensor(true).dtype);
        Assert.Equal(ScalarType.Float64, tensor(new[] { 1f }, float64).dtype);
        Assert.Equal(ScalarType.Float32, zeros(2).dtype);
        Assert.Equal(ScalarType.Int64, arange(3).dtype);
        Assert.Equal(ScalarType.Float32, arange(0, 1, 0.5).dtype);
        Assert.Equal(ScalarType.BFloat16, ones(2, bfloat16).dtype);
        Assert.Equal(ScalarType.Float32, linspace(0, 1, 3).dtype);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 4)]
    [InlineData(ScalarType.Float64, 8)]
    [InlineData(ScalarType.Float16, 2)]
    [InlineData(ScalarType.BFloat16, 2)]
    [InlineData(ScalarType.Int64, 8)]
    [InlineData(ScalarType.Int32, 4)]
    [InlineData(ScalarType.Byte, 1)]
    [InlineData(ScalarType.Bool, 1)]
    public void Conversion_there_and_back_keeps_zero_and_one(ScalarType type, long size)
    {
        var there = tensor(new[] { 0f, 1f }).to(type);
        Assert.Equal(type, there.dtype);
        Assert.Equal(size, there.ElementSize);
        Assert.Equal([0f, 1f], Floats(there));
    }

    [Fact]
    public void Bfloat16_keeps_eight_bits_of_precision_and_rounds_to_even()
    {
        var x = tensor(new[] { 1f + (1f / 256), 1f + (3f / 256), 1f / 3 }).bfloat16();
        Assert.Equal([1f, 1f + (4f / 256), 0.333984375f], Floats(x));
        Assert.Equal([0x80, 0x3f], x[..1].bytes.ToArray());
    }

    [Fact]
    public void Converting_to_the_same_type_shares_unless_a_copy_is_asked_for()
    {
        var x = zeros(1);
        x.to(float32).fill_(1);
        x.to(float32, copy: true).fill_(2);
        Close([1], x);
        var copied = x.to(float64, disposeAfter: true);
        Assert.True(x.IsInvalid);
        Close([1], copied);
    }

    [Fact]
    public void An_item_is_read_only_as_what_it_is()
    {
        Assert.Equal(2.5f, tensor(2.5f).item<float>());
        Assert.Equal(2.5, (double)tensor(2.5f));
        Assert.Equal(7, tensor(7L).ToInt32());
        Assert.Throws<ArgumentException>(() => tensor(2.5f).item<double>());
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
        Assert.Throws<ArgumentException>(() => zeros(2, bfloat16).data<float>());
    }

    [Fact]
    public void Elements_are_read_through_strides_and_in_row_order()
    {
        var x = tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).t();
        Assert.Equal([1f, 4, 2, 5, 3, 6], x.data<float>().ToArray());
        Assert.Equal(5f, x.data<float>()[1, 1]);
        var part = new float[2];
        x.data<float>().CopyTo(part, tensorIndex: 3);
        Assert.Equal([5f, 3f], part);
        Assert.Equal(6, x.data<float>().Count);
    }

    [Fact]
    public void The_bytes_are_the_memory_itself()
    {
        var x = zeros(2);
        MemoryMarshal.Cast<byte, float>(x.bytes)[1] = 3;
        Close([0, 3], x);
        x.bytes = MemoryMarshal.AsBytes(new float[] { 5, 6 }.AsSpan());
        Close([5, 6], x);
        Assert.Throws<InvalidOperationException>(() => zeros(2, 3).t().bytes.Length);
    }

    [Fact]
    public void A_buffer_is_shared_and_an_array_is_copied()
    {
        var memory = new float[] { 1, 2, 3 };
        var shared = frombuffer(memory, float32, count: 2, offset: 1);
        var copied = tensor(memory);
        memory[1] = 20;
        Close([20, 3], shared);
        Close([1, 2, 3], copied);
        Assert.Throws<IndexOutOfRangeException>(() => frombuffer(memory, float32, count: 4));
    }

    [Fact]
    public void Streams_hold_the_bytes_of_a_tensor()
    {
        using var stream = new MemoryStream();
        arange(1000).WriteBytesToStream(stream);
        Assert.Equal(8000, stream.Length);
        stream.Position = 0;
        var x = zeros(1000, int64);
        x.ReadBytesFromStream(stream);
        Assert.Equal(499500, x.sum().item<long>());
        Assert.Throws<EndOfStreamException>(() => x.ReadBytesFromStream(stream));
    }

    [Fact]
    public void A_tensor_names_its_shape_type_and_device() => Assert.Equal("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());

    [Fact]
    public void Devices_are_parsed_and_written()
    {
        Assert.Equal("cpu", new Device("cpu").ToString());
        Assert.Equal("cuda:1", new Device("cuda:1").ToString());
        Assert.Equal(DeviceType.CUDA, new Device("cuda").type);
        Assert.Equal(-1, new Device("cuda").index);
        Assert.Equal(DeviceType.CPU, zeros(1).device_type);
    }
}
