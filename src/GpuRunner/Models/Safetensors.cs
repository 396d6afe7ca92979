using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// The safetensors format: eight bytes with the header's length, a JSON header, the tensors' bytes row by row. Nothing in it can run. Tensors are
/// written in the order given; the same tensors and metadata give the same bytes.
/// </summary>
internal static class Safetensors
{
    private const int Alignment = 8;

    private static readonly IReadOnlyDictionary<ScalarType, (string Name, int Bytes)> ByType =
        SafetensorsHeader.Dtypes.ToDictionary(pair => pair.Value.Type, pair => (pair.Key, pair.Value.Bytes));

    public static void Write(Stream stream, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        WriteHeader(stream, metadata, tensors);
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

            var value = empty(entry.Shape, entry.Dtype);
            stream.ReadExactly(value.bytes);
            yield return (entry, value);
        }
    }

    private static void WriteHeader(Stream stream, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<(string Name, Tensor Value)> tensors)
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
            foreach (var (name, tensor) in tensors)
            {
                begin = WriteEntry(json, name, tensor, begin);
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

    private static long WriteEntry(Utf8JsonWriter json, string name, Tensor tensor, long begin)
    {
        if (!ByType.TryGetValue(tensor.dtype, out var dtype))
        {
            throw new ArgumentException($"'{name}' is {tensor.dtype}; safetensors files of ours hold {string.Join(", ", SafetensorsHeader.Dtypes.Keys)}");
        }

        var end = begin + (tensor.numel() * dtype.Bytes);
        json.WriteStartObject(name);
        json.WriteString("dtype", dtype.Name);
        json.WriteStartArray("shape");
        foreach (var size in tensor.shape)
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
