using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class DatasetFramesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reid-dataset-frames-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A manifest's hash is made of checksums, which can be forged: a copy of a known set with other pictures must not become what its users see.</summary>
    [Fact]
    public void Data_sets_of_another_name_share_no_decoded_frames_whatever_their_hashes()
    {
        Assert.NotEqual(First("theirs", 1), First("ours", 2));
        Assert.Equal(First("ours", 2), First("ours", 3));
    }

    private byte[] First(string name, int picture)
    {
        var manifest = TinyManifest.Of(new Tracklet(Split.Train, 0, 0, 0, 1)) with { Name = name };
        using var cache = new DatasetFrames(manifest, _ => UploadFiles.Bmp(32, 64, picture), _folder, mostInMemory: 0).Open(new InputSpec(32, 16));
        return cache.Get(0).ToArray();
    }
}
