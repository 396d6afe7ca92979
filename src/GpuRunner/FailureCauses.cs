using System.Runtime.InteropServices;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Export;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.GpuRunner;

/// <summary>What kind of failure an exception of a job is.</summary>
internal static class FailureCauses
{
    /// <summary>libtorch's words for memory that ran out: of the CPU's allocator, of CUDA's, of its libraries, of C++.</summary>
    private static readonly string[] OutOfMemoryWords =
        ["can't allocate memory", "not enough memory", "out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED", "std::bad_alloc"];

    /// <summary>ENOSPC and EDQUOT of Linux; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of Windows.</summary>
    private static readonly int[] DiskFull = [28, 122, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    public static FailureCause Of(Exception fault) => fault switch
    {
        SpecException => FailureCause.BadSpec,
        CheckpointException or FrameException or ArchiveException or BrokenModelException => FailureCause.BadData,

        // A blob that is not what was published, or is gone.
        InvalidDataException or FileNotFoundException => FailureCause.BadData,
        TrainingDivergedException => FailureCause.Diverged,
        OnnxRuntimeException => FailureCause.Infrastructure,
        AttemptsSpentException spent => spent.Cause,
        TimeLimitException => FailureCause.TimeLimit,
        OutOfMemoryException or MemoryLimitException => FailureCause.OutOfMemory,
        ExternalException native when SpeaksOfMemory(native.Message) => FailureCause.OutOfMemory,
        IOException disk when DiskFull.Contains(disk.HResult) => FailureCause.Infrastructure,
        AggregateException { InnerExceptions: [var only] } => Of(only),
        _ => FailureCause.Fault,
    };

    /// <summary>Whether these are the words of a library whose memory ran out.</summary>
    public static bool SpeaksOfMemory(string words) => OutOfMemoryWords.Any(known => words.Contains(known, StringComparison.OrdinalIgnoreCase));
}
