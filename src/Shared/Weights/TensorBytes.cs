using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ReidCloud.Weights;

/// <summary>The numbers of stored tensors, row by row whatever their strides, in the file's type or as float32.</summary>
public static class TensorBytes
{
    /// <summary>Tensors that are longer, or spread over more of their file, are not read: the largest of a network here has a hundredth.</summary>
    public const long MaxLength = 1L << 30;

    /// <summary>As they are in the file, little-endian, without gaps.</summary>
    /// <param name="file">The one that the tensor was found in.</param>
    /// <exception cref="WeightsException">It is longer than what is read, or ends before it.</exception>
    public static byte[] Read(Stream file, StoredTensor tensor)
    {
        if (tensor.Length > MaxLength || tensor.Count > MaxLength / tensor.Type.Bytes() || tensor.Offset > file.Length - tensor.Length)
        {
            throw new WeightsException(
                $"'{tensor.Name}' lies on {tensor.Length} bytes from {tensor.Offset} on: at most {MaxLength} are read, and the file has {file.Length}. {WeightsException.UploadAgain}");
        }

        var stored = new byte[tensor.Length];
        file.Position = tensor.Offset;
        file.ReadExactly(stored);
        return tensor.IsContiguous ? stored : Gather(stored, tensor);
    }

    /// <summary>Floats of any width as float32.</summary>
    /// <exception cref="WeightsException">They are no floats, or not all finite.</exception>
    public static float[] ReadFloats(Stream file, StoredTensor tensor)
    {
        var bytes = Read(file, tensor).AsSpan();
        var floats = new float[tensor.Count];
        for (var i = 0; i < floats.Length; i++)
        {
            floats[i] = tensor.Type switch
            {
                TensorType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * 8)..]),
                TensorType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * 4)..]),
                TensorType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(i * 2)..]),
                TensorType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]) << 16),
                _ => throw new WeightsException($"'{tensor.Name}' holds {tensor.Type.Name()} where floating point is wanted"),
            };
            if (!float.IsFinite(floats[i]))
            {
                throw new WeightsException($"'{tensor.Name}' holds {floats[i]} at place {i}: the weights are damaged, or their training diverged; take an earlier checkpoint");
            }
        }

        return floats;
    }

    /// <summary>Whole numbers of any width.</summary>
    /// <exception cref="WeightsException">They are no whole numbers.</exception>
    public static long[] ReadIntegers(Stream file, StoredTensor tensor)
    {
        var bytes = Read(file, tensor);
        return tensor.Type switch
        {
            TensorType.Int64 => [.. MemoryMarshal.Cast<byte, long>(bytes)],
            TensorType.Int32 => [.. MemoryMarshal.Cast<byte, int>(bytes).ToArray().Select(value => (long)value)],
            _ => throw new WeightsException($"'{tensor.Name}' holds {tensor.Type.Name()} where whole numbers are wanted"),
        };
    }

    private static byte[] Gather(byte[] stored, StoredTensor tensor)
    {
        var width = tensor.Type.Bytes();
        var rows = new byte[checked((int)(tensor.Count * width))];
        var index = new long[tensor.Shape.Count];
        long from = 0;
        for (var to = 0; to < rows.Length; to += width)
        {
            stored.AsSpan((int)(from * width), width).CopyTo(rows.AsSpan(to));
            for (var axis = index.Length - 1; axis >= 0; axis--)
            {
                from += tensor.Strides[axis];
                if (++index[axis] < tensor.Shape[axis])
                {
                    break;
                }

                from -= tensor.Strides[axis] * tensor.Shape[axis];
                index[axis] = 0;
            }
        }

        return rows;
    }
}
