using ReidCloud.GpuRunner.Models;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>The batch-norm statistics by which some cameras' items of one set were embedded, on the CPU: for whoever shows these items to the network once more.</summary>
internal sealed class KeptStatistics(IReadOnlySet<int> cameras) : IDisposable
{
    private readonly Dictionary<int, NormStatistics> _kept = [];

    /// <summary>What the model has now, if it is one of the cameras.</summary>
    public void Keep(int camera, ReidModel model)
    {
        if (cameras.Contains(camera))
        {
            _kept.Add(camera, NormStatistics.Of(model, CPU));
        }
    }

    /// <summary>What was kept of one of the cameras.</summary>
    public NormStatistics this[int camera] => _kept[camera];

    public void Dispose()
    {
        foreach (var statistics in _kept.Values)
        {
            statistics.Dispose();
        }
    }
}
