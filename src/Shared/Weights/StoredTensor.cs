namespace ReidCloud.Weights;

/// <summary>
/// One tensor of a weights file: its numbers' type, its shape, and where they are. The number at index (i, j, …) begins
/// (i · strides[0] + j · strides[1] + …) numbers behind the byte <see cref="Offset"/> of the file; none lies outside <see cref="Length"/> bytes from there.
/// </summary>
public sealed record StoredTensor(
    string Name, TensorType Type, IReadOnlyList<long> Shape, IReadOnlyList<long> Strides, long Offset, long Length)
{
    /// <summary>How many numbers.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Row by row, without gaps.</summary>
    public bool IsContiguous => Shape.Contains(0) || Shape.Zip(Strides, RowMajor(Shape)).All(axis => axis.First == 1 || axis.Second == axis.Third);

    public string ShapeText => TextOf(Shape);

    /// <summary>Strides of a tensor whose rows lie one behind the other.</summary>
    public static long[] RowMajor(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        for (long axis = shape.Count - 1, step = 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= Math.Max(1, shape[(int)axis]);
        }

        return strides;
    }

    internal static string TextOf(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
