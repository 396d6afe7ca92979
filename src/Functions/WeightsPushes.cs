using ReidCloud.Runs;
using ReidCloud.Weights;

namespace ReidCloud.Functions;

/// <summary>The pushes of weights that this process works on: looking at a file takes its list of tensors into memory, so two are looked at at a time and others wait.</summary>
public sealed class WeightsPushes(WeightsStore weights) : IDisposable
{
    private readonly SemaphoreSlim _places = new(2);

    /// <inheritdoc cref="WeightsStore.PushAsync"/>
    public async Task<WeightsManifest?> PushAsync(string name, PushRequest asked, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await weights.PushAsync(name, asked, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
