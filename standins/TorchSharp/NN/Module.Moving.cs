using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>To another device or type: every parameter and buffer is replaced, so an optimizer is made after the move.</summary>
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                Floating(dtype);
                return Move(device, dtype);
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
                => Move(new Device(deviceType, deviceType == DeviceType.CUDA ? deviceIndex : -1), null);

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                Floating(dtype);
                return Move(null, dtype);
            }

            private static void Floating(ScalarType dtype)
            {
                if (!is_floating_point(dtype) && !is_complex(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }

            private Module Move(Device? device, ScalarType? dtype)
            {
                if (device?.type == DeviceType.CUDA && !cuda.is_available()) throw new InvalidOperationException("CUDA is not available.");
                foreach (var (_, child) in named_children())
                {
                    if (device is null) child._to(dtype!.Value, false);
                    else if (dtype is null) child._to(device.type, device.index, false);
                    else child._to(device, dtype.Value, false);
                }
                foreach (var (name, parameter) in _parameters.ToList())
                {
                    if (!ReplaceParameter(dtype, device, parameter, out var moved)) continue;
                    _parameters[name] = moved!;
                    SetField(parameter, moved!);
                    parameter.Dispose();
                }
                foreach (var (name, (buffer, persistent)) in _buffers.ToList())
                {
                    if (!persistent || !ReplaceBuffer(dtype, device, buffer, out var moved)) continue;
                    _buffers[name] = (moved!, persistent);
                    SetField(buffer, moved!);
                }
                return this;
            }

            private void SetField(Tensor old, Tensor replacement)
            {
                foreach (var field in ComponentFields())
                {
                    if (field.FieldType.IsInstanceOfType(replacement) && ReferenceEquals(field.GetValue(this), old)) field.SetValue(this, replacement);
                }
            }

            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                result = null;
                var type = dtype is { } wanted && (buffer.is_floating_point() || buffer.is_complex()) ? wanted : buffer.dtype;
                if (!buffer.toWillCopy(type, device ?? buffer.device)) return false;
                result = buffer.to(type, device ?? buffer.device, disposeAfter: true).DetachFromDisposeScope();
                return true;
            }

            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                using var grad = param.grad;
                var type = dtype is { } wanted && (param.is_floating_point() || param.is_complex()) ? wanted : param.dtype;
                var place = device ?? param.device;
                if (!param.toWillCopy(type, place) && (grad is null || !grad.toWillCopy(type, place))) return false;

                using var _ = no_grad();
                p = new Parameter(param.to(type, place), param.requires_grad);
                p.DetachFromDisposeScope();
                if (grad is not null)
                {
                    using var moved = grad.to(type, place).with_requires_grad(grad.requires_grad);
                    p.grad = moved;
                }
                return true;
            }
        }
    }
}

public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module => (T)module._to(type, non_blocking);

    public static T to<T>(this T module, torch.Device device, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module
        => (T)module._to(device, type, non_blocking);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module
        => (T)module._to(deviceType, deviceIndex, non_blocking);

    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module
        => (T)module._to(device.type, device.index, non_blocking);

    public static T to<T>(this T module, string device, bool non_blocking = false) where T : torch.nn.Module => module.to(new torch.Device(device), non_blocking);

    public static T to<T>(this T module, torch.Tensor other, bool non_blocking = false) where T : torch.nn.Module
        => (T)module._to(other.device, other.dtype, non_blocking);

    public static T cpu<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => (T)module._to(DeviceType.CPU, -1, non_blocking);

    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module
        => (T)module._to(DeviceType.CUDA, deviceIndex, non_blocking);

    public static T half<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Float16, non_blocking);

    public static T bfloat16<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.BFloat16, non_blocking);

    public static T @float<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Float32, non_blocking);

    public static T @double<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => module.to(torch.ScalarType.Float64, non_blocking);
}
