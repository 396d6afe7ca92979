using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor in row-major order, through its strides. It holds the tensor, not its memory: do not outlive it.</summary>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly Tensor _tensor;
    private readonly unsafe T* _data;
    private readonly long[] _shape;
    private readonly long[] _strides;

    internal unsafe TensorAccessor(Tensor tensor)
    {
        _tensor = tensor;
        _data = (T*)tensor.DataPointer();
        _shape = tensor.shape;
        _strides = tensor.stride();
    }

    public long Count => _tensor.numel();

    public bool IsReadOnly => false;

    public T[] ToArray()
    {
        var result = new T[Count];
        if (result.Length > 0) CopyTo(result);
        return result;
    }

    public unsafe Array ToNDArray()
    {
        if (_shape.Length == 0) return ToArray();
        var result = Array.CreateInstance(typeof(T), _shape);
        ref var first = ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(result);
        fixed (byte* memory = &first)
        {
            var target = (T*)memory;
            for (long i = 0; i < Count; i++) target[i] = _data[Offset(i)];
        }
        return result;
    }

    public unsafe T this[params long[] indices]
    {
        get => _data[Offset(indices)];
        set => _data[Offset(indices)] = value;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = Check(tensorIndex, array.Length - arrayIndex);
        if (_tensor.is_contiguous()) new ReadOnlySpan<T>(_data + tensorIndex, count).CopyTo(array[arrayIndex..]);
        else for (var i = 0; i < count; i++) array[arrayIndex + i] = _data[Offset(tensorIndex + i)];
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    public unsafe void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = Check(tensorIndex, array.Length - arrayIndex);
        if (_tensor.is_contiguous()) array.Slice(arrayIndex, count).CopyTo(new Span<T>(_data + tensorIndex, count));
        else for (var i = 0; i < count; i++) _data[Offset(tensorIndex + i)] = array[arrayIndex + i];
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
    }

    private unsafe T At(long index) => _data[Offset(index)];

    private int Check(long tensorIndex, int room)
    {
        if (tensorIndex < 0 || tensorIndex >= Count) throw new ArgumentOutOfRangeException(nameof(tensorIndex));
        return (int)Math.Min(room, Count - tensorIndex);
    }

    private long Offset(long index)
    {
        long offset = 0;
        for (var i = _shape.Length - 1; i >= 0; i--)
        {
            index = Math.DivRem(index, _shape[i], out var position);
            offset += position * _strides[i];
        }
        return offset;
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            if (indices[0] >= Count) throw new IndexOutOfRangeException();
            ArgumentOutOfRangeException.ThrowIfNegative(indices[0]);
            return Offset(indices[0]);
        }
        long offset = 0;
        for (var i = _shape.Length - 1; i >= 0; i--)
        {
            if (indices[i] >= _shape[i] || indices[i] < 0) throw new IndexOutOfRangeException($"{indices[i]} >= {_shape[i]} in dimension {i}.");
            offset += indices[i] * _strides[i];
        }
        return offset;
    }
}
