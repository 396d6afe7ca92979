using System.Buffers.Binary;
using System.Text.Json;
using ReidCloud.Weights;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// The safetensors format: eight bytes with the header's length, a JSON header, the tensors' bytes row by row. Nothing in it can run. Tensors are
/// written in the order given; the same tensors and metadata give the same bytes.
/// </summary>
internal static class Safetensors
{
    private const int Alignment = 8;

    private static readonly IReadOnlyDictionary<TensorType, ScalarType> Types = new Dictionary<TensorType, ScalarType>
    {
        [TensorType.Float64] = ScalarType.Float64,
        [TensorType.Float32] = ScalarType.Float32,
        [TensorType.Float16] = ScalarType.Float16,
        [TensorType.BFloat16] = ScalarType.BFloat16,
        [TensorType.Int64] = ScalarType.Int64,
        [TensorType.Int32] = ScalarType.Int32,
        [TensorType.UInt8] = ScalarType.Byte,
        [TensorType.Bool] = ScalarType.Bool,
    };

    private static readonly IReadOnlyDictionary<ScalarType, TensorType> ByDtype = Types.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>How a file names the type of the tensor's numbers.</summary>
    /// <exception cref="ArgumentException">Files of ours do not hold it.</exception>
    public static TensorType TypeOf(string name, Tensor tensor) => TypeOf(name, tensor.dtype);

    private static TensorType TypeOf(string name, ScalarType dtype) => ByDtype.TryGetValue(dtype, out var type)
        ? type
        : throw new ArgumentException($"'{name}' is {dtype}; safetensors files of ours hold {string.Join(", ", Types.Keys.Select(known => known.Name()))}");

    public static void Write(Stream stream, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        WriteHeader(stream, metadata, [.. tensors.Select(tensor => (tensor.Name, tensor.Value.dtype, tensor.Value.shape))]);
        foreach (var (_, tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    /// <summary>
    /// The tensors that follow <paramref name="header"/> and are wanted (all without <paramref name="isWanted"/>), each in turn, on the CPU. The caller
    /// disposes them.
    /// </summary>
    /// <param name="stream">As <see cref="SafetensorsHeader.Read"/> left it.</param>
    public static IEnumerable<(SafetensorsEntry Entry, Tensor Value)> ReadTensors(
        Stream stream, SafetensorsHeader header, Func<string, bool>? isWanted = null)
    {
        foreach (var entry in header.Entries)
        {
            if (isWanted?.Invoke(entry.Name) == false)
            {
                stream.Seek(entry.End - entry.Begin, SeekOrigin.Current);
                continue;
            }

            var value = empty(entry.Shape, Types[entry.Type]);
            stream.ReadExactly(value.bytes);
            yield return (entry, value);
        }
    }

    /// <summary>What stands before the tensors' bytes, for a caller that writes these itself, in the same order.</summary>
    public static void WriteHeader(
        Stream stream, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<(string Name, ScalarType Type, long[] Shape)> tensors)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            var begin = 0L;
            foreach (var (name, type, shape) in tensors)
            {
                begin = WriteEntry(json, name, type, shape, begin);
            }

            json.WriteEndObject();
        }

        // The format asks for data that begins at a multiple of 8; blanks fill up.
        while (text.Length % Alignment != 0)
        {
            text.WriteByte((byte)' ');
        }

        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        stream.Write(length);
        text.WriteTo(stream);
    }

    private static long WriteEntry(Utf8JsonWriter json, string name, ScalarType dtype, long[] shape, long begin)
    {
        var type = TypeOf(name, dtype);
        var end = begin + (shape.Aggregate(1L, (count, size) => checked(count * size)) * type.Bytes());
        json.WriteStartObject(name);
        json.WriteString("dtype", type.Name());
        json.WriteStartArray("shape");
        foreach (var size in shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }
}
