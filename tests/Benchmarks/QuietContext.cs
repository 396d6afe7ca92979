using ReidCloud.GpuRunner;
using ReidCloud.Reports;

namespace ReidCloud.Benchmarks;

/// <summary>An outside that nobody listens in and that keeps nothing.</summary>
internal sealed class QuietContext : RunContext, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public override string Scratch => throw new NotSupportedException("nothing is kept here");

    public override string OnnxRuntimeFolder => "";

    public override CancellationToken Stop => _stop.Token;

    public void AskToStop() => _stop.Cancel();

    public override void Tell(RunEvent happened)
    {
    }

    public override void SaveCheckpoint(int epoch, int step, double? score, int keep, Action<Stream> write)
    {
    }

    public override void SaveFile(string name, Action<Stream> write)
    {
    }

    public void Dispose() => _stop.Dispose();
}
