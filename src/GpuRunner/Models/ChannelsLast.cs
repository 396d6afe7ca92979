using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// The layout in which a GPU's tensor cores take maps and weights: all channels of a position side by side. It is made by strides alone, so shapes and values are what they were; what reads a tensor
/// row by row, such as a checkpoint, makes the usual order of it first.
/// </summary>
internal static class ChannelsLast
{
    public static Tensor Of(Tensor tensor_NCHW)
    {
        using var last_NHWC = tensor_NCHW.permute(0, 2, 3, 1);
        using var dense_NHWC = last_NHWC.contiguous();
        return dense_NHWC.permute(0, 3, 1, 2);
    }
}
