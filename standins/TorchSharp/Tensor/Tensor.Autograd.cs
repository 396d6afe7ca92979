using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Native.rt_requires_grad(Handle) != 0;
            set => Native.Check(Native.rt_set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public bool is_leaf => Native.rt_is_leaf(Handle) != 0;

        public void retain_grad() => Native.Check(Native.rt_retain_grad(Handle));

        /// <summary>Every read is a fresh reference to the same gradient.</summary>
        public unsafe Tensor? grad
        {
            get
            {
                nint result;
                Native.Check(Native.rt_grad(Handle, &result));
                return result == 0 ? null : new Tensor(result);
            }
            set => Native.Check(Native.rt_set_grad(Handle, value is null ? 0 : value.Handle));
        }

        public void backward() => autograd.backward(this);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
            => autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        public Tensor detach() => Aten.detach.Call(this);

        public Tensor detach_()
        {
            Aten.detach_.Run(this);
            return this;
        }
    }

    public static partial class autograd
    {
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            unsafe
            {
                fixed (nint* roots = Handles(tensors), grads = Handles(grad_tensors), leaves = Handles(inputs))
                {
                    Native.Check(Native.rt_backward(roots, tensors.Count, grads, grad_tensors?.Count ?? 0,
                        retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, leaves, inputs?.Count ?? 0));
                }
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
            => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
            => backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var results = new nint[inputs.Count];
            unsafe
            {
                fixed (nint* roots = Handles(outputs), leaves = Handles(inputs), grads = Handles(grad_outputs), found = results)
                {
                    Native.Check(Native.rt_gradients(roots, outputs.Count, leaves, inputs.Count, grads, grad_outputs?.Count ?? 0,
                        retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, found));
                }
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Array.ConvertAll(results, handle => new Tensor(handle));
        }

        private static nint[]? Handles(IList<Tensor>? tensors) => tensors?.Select(tensor => tensor.Handle).ToArray();
    }

    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => Native.rt_grad_enabled() != 0;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => Native.rt_inference_mode_enabled() != 0;

    /// <summary>Restores on Dispose what the thread had before.</summary>
    private sealed class GradMode : IDisposable
    {
        private readonly int _before = Native.rt_grad_enabled();

        internal GradMode(bool enabled) => Native.rt_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Native.rt_set_grad_enabled(_before);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _guard = Native.rt_inference_mode_enter(enabled ? 1 : 0);

        public void Dispose()
        {
            if (_guard == 0) return;
            Native.rt_inference_mode_leave(_guard);
            _guard = 0;
        }
    }
}
