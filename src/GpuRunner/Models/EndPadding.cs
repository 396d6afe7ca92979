using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// Padding "same", as TensorFlow and MindSpore have it (spec of MVD §3): as much as makes ⌈side / stride⌉ windows, half of it on each side, and what is odd at the bottom and the right.
/// Around a window at stride 1 that is as much as PyTorch's networks have.
/// </summary>
internal static class EndPadding
{
    /// <param name="value">What is added.</param>
    public static Tensor Of(Tensor map_NDHW, long size, long stride, double value = 0)
    {
        var (top, bottom) = Of(map_NDHW.shape[2], size, stride);
        var (left, right) = Of(map_NDHW.shape[3], size, stride);
        return nn.functional.pad(map_NDHW, (left, right, top, bottom), PaddingModes.Constant, value);
    }

    private static (long Before, long After) Of(long side, long size, long stride)
    {
        var windows = (side + stride - 1) / stride;
        var missing = Math.Max(0, ((windows - 1) * stride) + size - side);
        return (missing / 2, missing - (missing / 2));
    }
}
