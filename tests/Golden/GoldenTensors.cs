using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>Between the golden files' tensors and libtorch's.</summary>
internal static class GoldenTensors
{
    public static Tensor Of(GoldenTensor given)
    {
        var value = empty(given.Shape, given.Dtype switch
        {
            "F32" => ScalarType.Float32,
            "F64" => ScalarType.Float64,
            "I64" => ScalarType.Int64,
            "U8" => ScalarType.Byte,
            _ => throw new NotSupportedException($"no golden file uses {given.Dtype}"),
        });
        given.Bytes.CopyTo(value.bytes);
        return value;
    }

    public static GoldenTensor From(Tensor value)
    {
        using var scope = NewDisposeScope();
        return GoldenTensor.Of(value.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray(), value.shape);
    }

    /// <summary>Network inputs are bytes and mean (byte − 128) / 64.</summary>
    public static Tensor Images(GoldenTensor given, ScalarType dtype) => (Of(given).to(dtype) - 128) / 64;
}
