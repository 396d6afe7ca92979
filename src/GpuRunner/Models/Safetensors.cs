using ReidCloud.Weights;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// The safetensors format: eight bytes with the header's length, a JSON header, the tensors' bytes row by row. Nothing in it can run. Tensors are
/// written in the order given; the same tensors and metadata give the same bytes.
/// </summary>
internal static class Safetensors
{
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
    public static TensorType TypeOf(string name, Tensor tensor) => ByDtype.TryGetValue(tensor.dtype, out var type)
        ? type
        : throw new ArgumentException($"'{name}' is {tensor.dtype}; safetensors files of ours hold {string.Join(", ", Types.Keys.Select(known => known.Name()))}");

    public static void Write(Stream stream, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        SafetensorsHeader.Write(stream, metadata, tensors.Select(entry => (entry.Name, TypeOf(entry.Name, entry.Value), (IReadOnlyList<long>)entry.Value.shape)));
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
}
