using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>The frames of a data set, ready for networks with any input: what a job draws its pictures from.</summary>
/// <param name="folder">Where decoded frames are kept that do not fit in memory.</param>
/// <param name="mostInMemory">So many bytes of decoded frames are kept in memory; more go to a file.</param>
internal sealed class DatasetFrames(DatasetManifest manifest, Func<FrameSource, byte[]> read, string folder, long mostInMemory)
{
    public DatasetManifest Manifest => manifest;

    /// <summary>The caller disposes the cache after everything that uses it.</summary>
    public FrameCache Open(InputSpec input)
    {
        var loader = new FrameLoader(manifest, input, read);
        var name = string.Join('-', manifest.Hash, $"{input.Height}x{input.Width}", input.Filter, input.Fit).ToLowerInvariant();
        return FrameCache.Create(manifest.Frames.Count, loader.BytesPerFrame, mostInMemory, Path.Combine(folder, name), loader.Load);
    }
}
