namespace ReidCloud.Weights;

// What a pickle of tensors can hold beside plain values.

/// <summary>The memory behind tensors: so many numbers of a type, found elsewhere in the file under its key.</summary>
internal sealed record PickleStorage(string Key, TensorType Type, long Count);

/// <summary>A view into a storage: offset and strides count numbers of the type, which for a storage without a type are not its own.</summary>
internal sealed record PickleTensor(PickleStorage Storage, TensorType Type, long Offset, long[] Shape, long[] Strides);

/// <summary>A parameter of PyTorch 0.1: made empty, and then given its tensor.</summary>
internal sealed class PickleParameter
{
    public PickleTensor? Tensor { get; set; }
}
