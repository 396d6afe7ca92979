using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Onnx;

/// <summary>Numbers that a network holds: weights as float32, sizes and axes as int64, row by row, little-endian.</summary>
internal sealed record OnnxTensor(string Name, OnnxType Type, IReadOnlyList<long> Shape, byte[] Bytes)
{
    public static OnnxTensor Of(string name, Tensor value)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return new OnnxTensor(name, OnnxType.Float, value.shape, value.detach().to(ScalarType.Float32).cpu().contiguous().bytes.ToArray());
    }

    public static OnnxTensor Of(string name, IReadOnlyList<long> shape, float[] values) => new(name, OnnxType.Float, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static OnnxTensor Of(string name, long[] values) => new(name, OnnxType.Int64, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>A copy.</summary>
    public float[] Floats() => MemoryMarshal.Cast<byte, float>(Bytes).ToArray();
}

/// <summary>TensorProto.DataType of onnx.proto.</summary>
internal enum OnnxType
{
    Float = 1,
    Int64 = 7,
}
