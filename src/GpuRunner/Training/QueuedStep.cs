using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>A step that a device has been told to make, with its losses on their way.</summary>
internal sealed class QueuedStep(int epoch, int step, double learningRate, StepLosses losses) : IDisposable
{
    private readonly string[] _names = [.. losses.Terms.Select(term => term.Name), "total"];
    private readonly LateNumbers _values = Queue(losses);

    /// <summary>Each loss by its name, and `total`.</summary>
    /// <exception cref="TrainingDivergedException">One became infinite or NaN.</exception>
    public IReadOnlyList<(string Name, double Value)> Losses()
    {
        List<(string Name, double Value)> read = [.. _names.Zip(_values.Read())];
        foreach (var (name, value) in read.Where(loss => !double.IsFinite(loss.Value)))
        {
            throw new TrainingDivergedException(name, value, epoch, step, learningRate);
        }

        return read;
    }

    public void Dispose() => _values.Dispose();

    /// <summary>One copy for all of them.</summary>
    private static LateNumbers Queue(StepLosses losses)
    {
        using var scope = NewDisposeScope();
        return new LateNumbers(stack([.. losses.Terms.Select(term => term.Value), losses.Total]).detach().to(ScalarType.Float64));
    }
}
