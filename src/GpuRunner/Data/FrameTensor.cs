using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Writes one frame of a set as normalised planes.</summary>
internal delegate void FrameWriter(int set, int view, Span<float> frame_CHW);

/// <summary>Composes frames into one tensor: in parallel, straight into the tensor's memory, without a copy in between.</summary>
internal static class FrameTensor
{
    /// <summary>B sets of V frames at the size of the input, float32 on the CPU. The caller disposes it. The first fault of a writer is thrown as it is.</summary>
    public static Tensor Compose(int sets, int views, InputSpec input, FrameWriter write)
    {
        var images_BVCHW = empty([sets, views, Normalization.Channels, input.Height, input.Width]);
        var length = Normalization.Channels * input.Height * input.Width;
        try
        {
            InParallel(sets * views, frame =>
                write(frame / views, frame % views, MemoryMarshal.Cast<byte, float>(images_BVCHW.bytes).Slice(frame * length, length)));
            return images_BVCHW;
        }
        catch
        {
            images_BVCHW.Dispose();
            throw;
        }
    }

    /// <summary>Does something for each of so many frames on all cores. The first fault is thrown as it is.</summary>
    public static void InParallel(int frames, Action<int> act)
    {
        try
        {
            Parallel.For(0, frames, act);
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerException!);
        }
    }
}
