using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>CPU tensors over the memory of a .NET array, which stays pinned as long as any tensor refers to it.</summary>
public static partial class torch
{
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        Unnamed(names);
        var type = ElementType(rawArray);
        return Finish(Over(rawArray, 0, Lengths(rawArray), type), dtype ?? type, InitializeDevice(device), requires_grad);
    }

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null)
        => dtype is null && device is null ? data.alias() : data.to(dtype ?? data.dtype, device ?? data.device);

    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var length = rawArray.LongLength;
        if (offset < 0 || offset >= length) throw new ArgumentException($"invalid value for 'offset': {offset}");
        if (count < 0) count = length - offset;
        if (count > length - offset) throw new IndexOutOfRangeException($"element count is too large: {count}");
        return Finish(Over(rawArray, offset, [count], ElementType(rawArray)), dtype, CPU, requires_grad);
    }

    private static ScalarType ElementType(Array array) => ToScalarType(array.GetType().GetElementType()!);

    private static unsafe Tensor Over(Array array, long offset, long[] sizes, ScalarType type)
    {
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        var data = (byte*)pin.AddrOfPinnedObject() + offset * type.ElementSize();
        nint result;
        fixed (long* first = sizes)
        {
            var status = Native.rt_tensor_over_memory(data, first, sizes.Length, (int)type, &Unpin, GCHandle.ToIntPtr(pin), &result);
            if (status != 0) pin.Free();
            Native.Check(status);
        }
        return new Tensor(result);
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint pin) => GCHandle.FromIntPtr(pin).Free();
}
