using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Interop;

/// <summary>The shim's functions (native/*.cpp), blittable throughout. Those that can fail return non-zero; <see cref="Check"/> throws their text.</summary>
internal static unsafe partial class Native
{
    private const string Library = "TorchSharpNative";

    internal static void Check(int status)
    {
        if (status != 0) Throw();
    }

    private static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8((nint)rt_last_error()));

    [DllImport(Library)] internal static extern byte* rt_last_error();
    [DllImport(Library)] internal static extern int rt_find_operator(byte* name, byte* overload, void** result);
    [DllImport(Library)] internal static extern int rt_call(void* operation, NativeValue* arguments, int count, NativeValue* results, int capacity);
    [DllImport(Library)] internal static extern void rt_free(void* memory);

    [DllImport(Library), SuppressGCTransition] internal static extern void rt_tensor_describe(nint tensor, TensorDescription* result);
    [DllImport(Library), SuppressGCTransition] internal static extern int rt_tensor_scalar_type(nint tensor);
    [DllImport(Library)] internal static extern int rt_tensor_data(nint tensor, void** result);
    [DllImport(Library)] internal static extern int rt_tensor_is_contiguous(nint tensor);
    [DllImport(Library)] internal static extern long rt_tensor_storage_offset(nint tensor);
    [DllImport(Library)] internal static extern int rt_tensor_is_sparse(nint tensor);
    [DllImport(Library)] internal static extern void rt_tensor_release(nint tensor);
    [DllImport(Library)] internal static extern int rt_tensor_over_memory(void* data, long* sizes, int count, int type, delegate* unmanaged<nint, void> release, nint state, nint* result);

    [DllImport(Library)] internal static extern int rt_requires_grad(nint tensor);
    [DllImport(Library)] internal static extern int rt_set_requires_grad(nint tensor, int value);
    [DllImport(Library)] internal static extern int rt_is_leaf(nint tensor);
    [DllImport(Library)] internal static extern int rt_retain_grad(nint tensor);
    [DllImport(Library)] internal static extern int rt_grad(nint tensor, nint* result);
    [DllImport(Library)] internal static extern int rt_set_grad(nint tensor, nint grad);
    [DllImport(Library)] internal static extern int rt_backward(nint* tensors, int count, nint* grads, int gradCount, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [DllImport(Library)] internal static extern int rt_gradients(nint* outputs, int count, nint* inputs, int inputCount, nint* grads, int gradCount, int retainGraph, int createGraph, int allowUnused, nint* results);
    [DllImport(Library)] internal static extern int rt_grad_enabled();
    [DllImport(Library)] internal static extern void rt_set_grad_enabled(int enabled);
    [DllImport(Library)] internal static extern int rt_inference_mode_enabled();
    [DllImport(Library)] internal static extern nint rt_inference_mode_enter(int enabled);
    [DllImport(Library)] internal static extern void rt_inference_mode_leave(nint guard);

    [DllImport(Library)] internal static extern int rt_generator_default(long device, nint* result);
    [DllImport(Library)] internal static extern int rt_generator_new(long seed, long device, nint* result);
    [DllImport(Library)] internal static extern int rt_generator_seed(nint generator, long seed);
    [DllImport(Library)] internal static extern long rt_generator_initial_seed(nint generator);
    [DllImport(Library)] internal static extern int rt_generator_state(nint generator, nint* result);
    [DllImport(Library)] internal static extern int rt_generator_set_state(nint generator, nint state);
    [DllImport(Library)] internal static extern void rt_generator_release(nint generator);
    [DllImport(Library)] internal static extern int rt_manual_seed(long seed);

    [DllImport(Library)] internal static extern int rt_num_threads();
    [DllImport(Library)] internal static extern int rt_set_num_threads(int count);
    [DllImport(Library)] internal static extern int rt_num_interop_threads();
    [DllImport(Library)] internal static extern int rt_set_num_interop_threads(int count);
    [DllImport(Library)] internal static extern int rt_cuda_is_available();
    [DllImport(Library)] internal static extern int rt_cudnn_is_available();
    [DllImport(Library)] internal static extern int rt_cuda_device_count();
    [DllImport(Library)] internal static extern int rt_cuda_synchronize(long index);
    [DllImport(Library)] internal static extern int rt_cuda_manual_seed(long seed, int all);
    [DllImport(Library)] internal static extern int rt_allow_tf32(int cudnn);
    [DllImport(Library)] internal static extern int rt_set_allow_tf32(int cudnn, int allow);
    [DllImport(Library)] internal static extern byte* rt_version();

    internal static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? "";
}

/// <summary>Mirrors <c>Description</c> in native/tensors.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TensorDescription
{
    public long* Sizes;
    public long* Strides;
    public long Dimensions;
    public long Elements;
    public long ElementSize;
    public int ScalarType;
    public int DeviceType;
    public int DeviceIndex;
}
