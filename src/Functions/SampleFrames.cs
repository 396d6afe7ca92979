using System.Collections.Concurrent;
using ReidCloud.Datasets;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>The sample of a data set, and where each of its frames lies.</summary>
public sealed record FramesOfSample(IReadOnlyList<SampleView> Tracklets, IReadOnlyDictionary<int, (DatasetBlob Blob, FrameSource Frame)> Frames);

/// <summary>
/// The samples of data sets that this process was lately asked for. A manifest may have a million frames and is read once for all the frames of a sample; two
/// at a time, because it is held in memory meanwhile. A data set that is ready never changes.
/// </summary>
public sealed class SampleFrames(DatasetStore datasets) : IDisposable
{
    private const int Most = 50;

    private readonly ConcurrentDictionary<string, FramesOfSample> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(2);

    /// <summary>Null when there is no such data set, or it is not ready.</summary>
    public async Task<FramesOfSample?> OfAsync(string dataset, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(dataset, out var known))
        {
            return known;
        }

        await _places.WaitAsync(cancellationToken);
        try
        {
            return _known.TryGetValue(dataset, out known) ? known
                : await datasets.GetManifestAsync(dataset, cancellationToken) is { } manifest ? Remember(dataset, Sample(manifest))
                : null;
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private FramesOfSample Remember(string dataset, FramesOfSample sample)
    {
        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        return _known[dataset] = sample;
    }

    private static FramesOfSample Sample(DatasetManifest manifest)
    {
        var sampled = DatasetSample.Of(manifest);
        return new FramesOfSample(
            [.. sampled.Select(one => View(manifest, one))],
            sampled.SelectMany(one => one.Frames).Distinct().ToDictionary(frame => frame, frame => (manifest.Blobs[manifest.Frames[frame].Blob], manifest.Frames[frame])));
    }

    private static SampleView View(DatasetManifest manifest, SampledTracklet sampled)
    {
        var (tracklet, camera) = (sampled.Tracklet, manifest.Cameras[sampled.Tracklet.Camera]);
        return new SampleView(
            tracklet.Split,
            tracklet.IsDistractor ? null : manifest.Identities[tracklet.Identity],
            camera.Name,
            camera.Modality,
            tracklet.FrameCount,
            [.. sampled.Frames.Select(frame => new SampleFrame(frame, manifest.Frames[frame].Name, $"/api/datasets/{manifest.Name}/frames/{frame}"))]);
    }
}
