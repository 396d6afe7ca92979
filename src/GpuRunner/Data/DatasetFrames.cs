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
        // Names are given once, while a stranger could give a set of theirs the hash of another.
        var name = string.Join('-', manifest.Name, manifest.WholeHash ?? manifest.Hash, $"{input.Height}x{input.Width}", input.Filter, input.Fit).ToLowerInvariant();
        return FrameCache.Create(manifest.Frames.Count, loader.BytesPerFrame, mostInMemory, Path.Combine(folder, name), loader.Load);
    }

    /// <summary>A frame as the data set has it.</summary>
    /// <exception cref="FrameException">The frame's bytes are damaged.</exception>
    public RgbImage Picture(int frame)
    {
        var source = manifest.Frames[frame];
        try
        {
            return ImageDecoder.Decode(read(source), source.Name);
        }
        catch (Exception fault) when (fault is ImageException or ArchiveException)
        {
            throw Fault(source, fault);
        }
    }

    /// <summary>The size of a frame as the data set has it.</summary>
    /// <exception cref="FrameException">The frame's bytes are damaged.</exception>
    public (int Width, int Height) SizeOf(int frame)
    {
        var source = manifest.Frames[frame];
        return ImageHeader.Read(read(source), out var fault) is { } header
            ? (header.Width, header.Height)
            : throw Fault(source, new ImageException(source.Name, fault!));
    }

    private FrameException Fault(FrameSource source, Exception fault) =>
        new($"data set '{manifest.Name}', frame '{source.Name}': {fault.Message}", fault);
}
