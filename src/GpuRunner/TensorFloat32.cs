using static TorchSharp.torch;

namespace ReidCloud.GpuRunner;

/// <summary>
/// Whether CUDA devices may make products of float32 numbers from 19 of their 32 bits. The switches are the process's, and that of cuDNN is on until somebody turns it off: so every process of
/// ours does, first of all, and a run that asks for it has it while it trains.
/// </summary>
internal static class TensorFloat32
{
    public static void Allow(bool allowed)
    {
        backends.cuda.matmul.allow_tf32 = allowed;
        backends.cudnn.allow_tf32 = allowed;
    }
}
