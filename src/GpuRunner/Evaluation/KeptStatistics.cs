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

    /// <summary>What is computed of each camera's items while the model has that camera's statistics, in the order of the items. Then it has its own again, bit for bit.</summary>
    public T[] ByCamera<T>(ReidModel model, IReadOnlyList<RetrievalItem> items, Func<IReadOnlyList<RetrievalItem>, IReadOnlyList<T>> compute)
    {
        var results = new T[items.Count];
        using var own = NormStatistics.Of(model);
        try
        {
            foreach (var camera in items.Index().GroupBy(item => item.Item.Sighting.Camera))
            {
                _kept[camera.Key].PutInto(model);
                foreach (var ((place, _), result) in camera.Zip(compute([.. camera.Select(item => item.Item)])))
                {
                    results[place] = result;
                }
            }

            return results;
        }
        finally
        {
            own.PutInto(model);
        }
    }

    public void Dispose()
    {
        foreach (var statistics in _kept.Values)
        {
            statistics.Dispose();
        }
    }
}
