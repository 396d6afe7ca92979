using System.Runtime.InteropServices;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.GpuRunner;

/// <summary>What kind of failure an exception of a job is, and what a person can do about that kind.</summary>
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

    /// <summary>What to try, where the fault's own message does not say it.</summary>
    public static string Remedy(FailureCause cause, RunId run) => cause switch
    {
        FailureCause.OutOfMemory =>
            "Ask for less at a time ($.sampling.identities or tracklets, the method's views, $.input, $.evaluation.frames), which is another run; or take a larger machine and "
            + $"`reid retry {run}`, which goes on from the last checkpoint",
        FailureCause.Hung => $"Look at what it was at; `reid retry {run}` goes on from the last checkpoint, and a larger $.limits.stall is another run",
        FailureCause.TimeLimit => $"`reid retry {run}` goes on from the last checkpoint with the time counted anew; a larger $.limits.timeout is another run",
        FailureCause.Infrastructure => $"When that is mended, `reid retry {run}` goes on from the last checkpoint",
        FailureCause.Fault => $"Most likely a fault of this program: the detail has the whole exception; `reid retry {run}` goes on from the last checkpoint",
        FailureCause.BadSpec or FailureCause.BadData or FailureCause.Diverged or FailureCause.Parent => "",
    };
}
