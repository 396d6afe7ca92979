using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Tensors of evenly spaced numbers.</summary>
public static partial class torch
{
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var type = dtype ?? (is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type) ? ScalarType.Int64 : get_default_dtype());
        return Wanting(Aten.arange_start_step.Call(start, stop, step, type, Value.None, InitializeDevice(device)), requires_grad);
    }

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Wanting(Aten.linspace.Call((Scalar)start, (Scalar)end, steps, dtype ?? get_default_dtype(), Value.None, InitializeDevice(device)), requires_grad);

    public static Tensor eye(long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        Unnamed(names);
        return Wanting(Aten.eye_m.Call(rows, columns == -1 ? rows : columns, dtype ?? get_default_dtype(), Value.None, InitializeDevice(device)), requires_grad);
    }
}
