using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Writes one frame of a set as normalised planes.</summary>
internal delegate void FrameWriter(int set, int view, Span<float> frame_CHW);

/// <summary>Composes frames into one tensor: sets in parallel, straight into the tensor's memory, without a copy in between.</summary>
internal static class FrameTensor
{
    /// <summary>B sets of V frames at the size of the input, float32 on the CPU. The caller disposes it. The first fault of a writer is thrown as it is.</summary>
    public static Tensor Compose(int sets, int views, InputSpec input, FrameWriter write)
    {
        var images_BVCHW = empty([sets, views, Normalization.Channels, input.Height, input.Width]);
        var length = Normalization.Channels * input.Height * input.Width;
        try
        {
            Parallel.For(0, sets, set =>
            {
                var frames = MemoryMarshal.Cast<byte, float>(images_BVCHW.bytes).Slice(set * views * length, views * length);
                for (var view = 0; view < views; view++)
                {
                    write(set, view, frames.Slice(view * length, length));
                }
            });
            return images_BVCHW;
        }
        catch (AggregateException faults)
        {
            images_BVCHW.Dispose();
            ExceptionDispatchInfo.Throw(faults.InnerException!);
            throw;
        }
    }
}
