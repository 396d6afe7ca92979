using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

internal enum Tag
{
    None,
    Tensor,
    Int,
    Double,
    Bool,
    Ints,
    Doubles,
    Tensors,
    OptionalTensors,
    Device,
    Generator,
    String,
}

/// <summary>Mirrors <c>Value</c> in native/native.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct NativeValue
{
    [FieldOffset(0)] public Tag Tag;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public long Integer;
    [FieldOffset(8)] public double Real;
    [FieldOffset(8)] public void* Pointer;
}

/// <summary>One argument of an operator. Whatever C# writes at a call converts to it; null becomes the operator's None.</summary>
internal readonly struct Value
{
    internal readonly object? Reference;
    internal readonly long Bits;
    internal readonly Tag Tag;

    private Value(Tag tag, long bits, object? reference = null) => (Tag, Bits, Reference) = (tag, bits, reference);

    internal static Value None => default;

    public static implicit operator Value(Tensor? tensor) => tensor is null ? None : new(Tag.Tensor, tensor.Handle, tensor);
    public static implicit operator Value(int value) => new(Tag.Int, value);
    public static implicit operator Value(long value) => new(Tag.Int, value);
    public static implicit operator Value(long? value) => value is { } some ? new(Tag.Int, some) : None;
    public static implicit operator Value(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Value(double? value) => value is { } some ? (Value)some : None;
    public static implicit operator Value(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Value(Scalar? value) => value is null ? None : new(value.Kind, value.Bits);
    public static implicit operator Value(ScalarType type) => new(Tag.Int, (long)type);
    public static implicit operator Value(ScalarType? type) => type is { } some ? new(Tag.Int, (long)some) : None;
    public static implicit operator Value(Device? device) => device is null ? None : new(Tag.Device, Encode(device));
    public static implicit operator Value(Generator? generator) => generator is null ? None : new(Tag.Generator, generator.Handle, generator);
    public static implicit operator Value(string? text) => text is null ? None : new(Tag.String, 0, System.Text.Encoding.UTF8.GetBytes(text));
    public static implicit operator Value(long[]? values) => values is null ? None : new(Tag.Ints, 0, values);
    public static implicit operator Value(ReadOnlySpan<long> values) => new(Tag.Ints, 0, values.ToArray());
    public static implicit operator Value(double[]? values) => values is null ? None : new(Tag.Doubles, 0, values);
    public static implicit operator Value(Tensor[] tensors) => new(Tag.Tensors, 0, tensors);
    public static implicit operator Value(ReadOnlySpan<Tensor> tensors) => new(Tag.Tensors, 0, tensors.ToArray());

    internal static Value Optional(Tensor?[] tensors) => new(Tag.OptionalTensors, 0, tensors);

    internal static Value List(IEnumerable<Tensor> tensors) => tensors as Tensor[] ?? tensors.ToArray();

    internal static long Encode(Device device) => (long)device.type << 8 | (byte)(sbyte)device.index;
}
