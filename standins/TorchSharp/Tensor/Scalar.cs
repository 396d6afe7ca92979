using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A number or truth value with its kind. As in libtorch it is one of int64, double and bool, whatever it was made from.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly Tag Kind;
    internal readonly long Bits;

    internal Scalar(Tag kind, long bits) => (Kind, Bits) = (kind, bits);

    private Scalar(double value) : this(Tag.Double, BitConverter.DoubleToInt64Bits(value))
    {
    }

    public static implicit operator Scalar(byte value) => new(Tag.Int, value);
    public static implicit operator Scalar(sbyte value) => new(Tag.Int, value);
    public static implicit operator Scalar(short value) => new(Tag.Int, value);
    public static implicit operator Scalar(int value) => new(Tag.Int, value);
    public static implicit operator Scalar(long value) => new(Tag.Int, value);
    public static implicit operator Scalar(Half value) => new((double)value);
    public static implicit operator Scalar(float value) => new((double)value);
    public static implicit operator Scalar(double value) => new(value);
    public static implicit operator Scalar(bool value) => new(Tag.Bool, value ? 1 : 0);

    public torch.ScalarType Type => Kind switch
    {
        Tag.Double => torch.ScalarType.Float64,
        Tag.Bool => torch.ScalarType.Bool,
        _ => torch.ScalarType.Int64,
    };

    internal double Double => Kind == Tag.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal long Integer => Kind == Tag.Double ? (long)BitConverter.Int64BitsToDouble(Bits) : Bits;

    public void Dispose()
    {
    }
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;
    public static Scalar ToScalar(this Half value) => value;

    public static Half ToHalf(this Scalar value) => (Half)value.Double;
    public static float ToSingle(this Scalar value) => (float)value.Double;
    public static double ToDouble(this Scalar value) => value.Double;
    public static sbyte ToSByte(this Scalar value) => checked((sbyte)value.Integer);
    public static byte ToByte(this Scalar value) => checked((byte)value.Integer);
    public static short ToInt16(this Scalar value) => checked((short)value.Integer);
    public static int ToInt32(this Scalar value) => checked((int)value.Integer);
    public static long ToInt64(this Scalar value) => value.Integer;
    public static bool ToBoolean(this Scalar value) => value.Double != 0;
}
