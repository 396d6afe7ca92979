using System.Text.Json.Serialization;

namespace ReidCloud.Weights;

/// <summary>What the numbers of a stored tensor are, by the names that safetensors gives them.</summary>
public enum TensorType
{
    [JsonStringEnumMemberName("F64")] Float64,
    [JsonStringEnumMemberName("F32")] Float32,
    [JsonStringEnumMemberName("F16")] Float16,
    [JsonStringEnumMemberName("BF16")] BFloat16,
    [JsonStringEnumMemberName("I64")] Int64,
    [JsonStringEnumMemberName("I32")] Int32,
    [JsonStringEnumMemberName("I16")] Int16,
    [JsonStringEnumMemberName("I8")] Int8,
    [JsonStringEnumMemberName("U8")] UInt8,
    [JsonStringEnumMemberName("BOOL")] Bool,
}

public static class TensorTypes
{
    /// <summary>Every type by its name in safetensors.</summary>
    public static IReadOnlyDictionary<string, TensorType> ByName { get; } =
        Enum.GetValues<TensorType>().ToDictionary(Name, StringComparer.Ordinal);

    public static string Name(this TensorType type) => Specs.NameConverterFactory.NameOf(type);

    /// <summary>Bytes of one number.</summary>
    public static int Bytes(this TensorType type) => type switch
    {
        TensorType.Float64 or TensorType.Int64 => 8,
        TensorType.Float32 or TensorType.Int32 => 4,
        TensorType.Float16 or TensorType.BFloat16 or TensorType.Int16 => 2,
        TensorType.Int8 or TensorType.UInt8 or TensorType.Bool => 1,
    };

    public static bool IsFloatingPoint(this TensorType type) =>
        type is TensorType.Float64 or TensorType.Float32 or TensorType.Float16 or TensorType.BFloat16;

    /// <summary>`FloatStorage` for float32, and so on: what PyTorch calls the memory behind a tensor.</summary>
    internal static string StorageName(this TensorType type) => type switch
    {
        TensorType.Float64 => "DoubleStorage",
        TensorType.Float32 => "FloatStorage",
        TensorType.Float16 => "HalfStorage",
        TensorType.BFloat16 => "BFloat16Storage",
        TensorType.Int64 => "LongStorage",
        TensorType.Int32 => "IntStorage",
        TensorType.Int16 => "ShortStorage",
        TensorType.Int8 => "CharStorage",
        TensorType.UInt8 => "ByteStorage",
        TensorType.Bool => "BoolStorage",
    };

    /// <summary>`float32`, and so on: what PyTorch calls the type.</summary>
    internal static string DtypeName(this TensorType type) => type.ToString().ToLowerInvariant();
}
