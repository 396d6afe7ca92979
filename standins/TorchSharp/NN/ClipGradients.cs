using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients together so that their common norm is at most <paramref name="max_norm"/>; returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                var grads = tensors.Select(parameter => parameter.grad).OfType<Tensor>().ToList();
                if (grads.Count == 0) return 0;
                var norms = grads.Select(grad => double.IsPositiveInfinity(norm_type) ? grad.abs().max() : grad.norm((float)norm_type)).ToList();
                var total = norms.Count == 1 ? norms[0] : double.IsPositiveInfinity(norm_type) ? stack(norms).max() : stack(norms).norm((float)norm_type);
                var factor = (max_norm / (total + 1e-6)).clamp_max(1);
                foreach (var grad in grads) grad.mul_(factor);
                return (double)total;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                foreach (var parameter in tensors) parameter.grad?.clamp_(-clip_value, clip_value);
            }
        }
    }
}
