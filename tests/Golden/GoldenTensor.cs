using System.Runtime.InteropServices;

namespace ReidCloud.Tests.Golden;

/// <summary>A tensor of a golden file: dtype as safetensors writes it (F32, F64, I64, U8), shape, row-major bytes.</summary>
public sealed record GoldenTensor(string Dtype, long[] Shape, byte[] Bytes)
{
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    public byte[] U8 => Dtype == "U8" ? Bytes : throw new InvalidDataException($"expected U8, found {Dtype}");

    public long[] I64 => Dtype == "I64" ? MemoryMarshal.Cast<byte, long>(Bytes).ToArray() : throw new InvalidDataException($"expected I64, found {Dtype}");

    public float[] F32 => Dtype == "F32" ? MemoryMarshal.Cast<byte, float>(Bytes).ToArray() : throw new InvalidDataException($"expected F32, found {Dtype}");

    public double[] F64 => Dtype == "F64" ? MemoryMarshal.Cast<byte, double>(Bytes).ToArray() : throw new InvalidDataException($"expected F64, found {Dtype}");

    /// <summary>The values whatever their type; 64-bit integers here are far below 2^53.</summary>
    public double[] Values => Dtype switch
    {
        "U8" => Array.ConvertAll(Bytes, value => (double)value),
        "I64" => Array.ConvertAll(I64, value => (double)value),
        "F32" => Array.ConvertAll(F32, value => (double)value),
        "F64" => F64,
        _ => throw new InvalidDataException($"no golden file uses {Dtype}"),
    };

    public static GoldenTensor Of(float[] values, params long[] shape) => new("F32", Shaped(shape, values.Length), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static GoldenTensor Of(double[] values, params long[] shape) => new("F64", Shaped(shape, values.Length), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static GoldenTensor Of(long[] values, params long[] shape) => new("I64", Shaped(shape, values.Length), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static GoldenTensor Of(byte[] values, params long[] shape) => new("U8", Shaped(shape, values.Length), [.. values]);

    /// <summary>No shape given: a vector.</summary>
    private static long[] Shaped(long[] shape, int count) => shape.Length == 0 ? [count] : shape;
}
