using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp;

public static class TensorExtensionMethods
{
    public static Modules.Parameter AsParameter(this Tensor tensor) => new(tensor);

    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.ComplexFloat64 => 16,
        _ => 8,
    };

    public static Half ToHalf(this Tensor value) => value.ToScalar().ToHalf();
    public static float ToSingle(this Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this Tensor value) => value.ToScalar().ToDouble();
    public static sbyte ToSByte(this Tensor value) => value.ToScalar().ToSByte();
    public static byte ToByte(this Tensor value) => value.ToScalar().ToByte();
    public static short ToInt16(this Tensor value) => value.ToScalar().ToInt16();
    public static int ToInt32(this Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this Tensor value) => value.ToScalar().ToInt64();
    public static bool ToBoolean(this Tensor value) => value.ToScalar().ToBoolean();

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, side) => product * side);

    /// <summary>TorchSharp's own format: type, shape, bytes.</summary>
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        using var copy = tensor.device_type == DeviceType.CPU ? null : tensor.cpu();
        var source = copy is null ? tensor : copy;
        writer.Encode((long)source.dtype);
        writer.Encode(source.shape.Length);
        foreach (var side in source.shape) writer.Encode(side);
        writer.Flush();
        source.WriteBytesToStream(writer.BaseStream);
    }

    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var type = (ScalarType)reader.Decode();
        if (type != tensor.dtype)
            throw new ArgumentException("Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        var shape = DecodeShape(reader);
        if (skip)
        {
            reader.BaseStream.Seek(tensor.NumberOfElements * tensor.ElementSize, SeekOrigin.Current);
            return;
        }
        Fill(tensor, shape, reader);
    }

    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var type = (ScalarType)reader.Decode();
        var shape = DecodeShape(reader);
        tensor ??= empty(shape, type);
        if (skip) reader.BaseStream.Seek(tensor.NumberOfElements * tensor.ElementSize, SeekOrigin.Current);
        else Fill(tensor, shape, reader);
    }

    private static long[] DecodeShape(BinaryReader reader)
    {
        var shape = new long[reader.Decode()];
        for (var i = 0; i < shape.Length; i++) shape[i] = reader.Decode();
        return shape;
    }

    private static void Fill(Tensor tensor, long[] shape, BinaryReader reader)
    {
        if (!shape.SequenceEqual(tensor.shape))
            throw new ArgumentException("Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        using var _ = no_grad();
        if (tensor.device_type == DeviceType.CPU && tensor.is_contiguous())
        {
            tensor.ReadBytesFromStream(reader.BaseStream);
            return;
        }
        using var loaded = empty(shape, tensor.dtype, CPU);
        loaded.ReadBytesFromStream(reader.BaseStream);
        tensor.copy_(loaded);
    }

    /// <summary>Whether <c>to</c> would make another tensor.</summary>
    internal static bool toWillCopy(this Tensor tensor, ScalarType dtype, Device device)
        => tensor.dtype != dtype || tensor.device_type != device.type || (device.index != -1 && tensor.device_index != device.index);
}
