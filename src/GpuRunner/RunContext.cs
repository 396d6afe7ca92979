using ReidCloud.Reports;

namespace ReidCloud.GpuRunner;

/// <summary>
/// All that a job knows of the outside: whom to tell, where to keep a checkpoint, when to stop. Behind it stand the lease and the store in a
/// real run, and memory in a test.
/// </summary>
internal abstract class RunContext
{
    /// <summary>A folder for what the job needs on this machine; it goes with the attempt.</summary>
    public abstract string Scratch { get; }

    /// <summary>Where ONNX Runtime is installed on this machine; empty where nobody said.</summary>
    public abstract string OnnxRuntimeFolder { get; }

    /// <summary>Asks to stop at the next step: the run was cancelled, the machine is going away, or the lease is lost.</summary>
    public abstract CancellationToken Stop { get; }

    /// <summary>The job lives: it has finished a step, a batch, a piece of a download. Without a sign for `limits.stall` it is held to hang.</summary>
    public virtual void Beat()
    {
    }

    /// <summary>Adds a line to the run's events. Does not wait for the store.</summary>
    public abstract void Tell(RunEvent happened);

    /// <summary>
    /// Keeps what <paramref name="write"/> writes as the state after <paramref name="epoch"/> finished epochs and <paramref name="step"/> steps of the
    /// next. When this returns it is durable, and a new attempt starts from it.
    /// </summary>
    /// <param name="score">How good the result so far is, where it was measured: the higher, the better.</param>
    /// <param name="keep">How many of the last are kept, with this one. The best is kept besides.</param>
    public abstract void SaveCheckpoint(int epoch, int step, double? score, int keep, Action<Stream> write);

    /// <summary>Keeps what <paramref name="write"/> writes as a file of the run, under a name of its own. The report lists it.</summary>
    public abstract void SaveFile(string name, Action<Stream> write);
}
