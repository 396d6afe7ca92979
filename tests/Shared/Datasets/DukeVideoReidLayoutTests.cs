using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class DukeVideoReidLayoutTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reads_both_ways_of_naming(bool underscores)
    {
        var manifest = UploadFiles.DukeVideoReid(underscores).Pack("DukeMTMC-VideoReID.zip").Ingest();

        Assert.Equal("duke-video-reid", manifest.Layout);
        Assert.Equal(["0001", "0002", "0004", "0007", "7001"], manifest.Identities);
        Assert.Equal(["1", "2", "3"], manifest.Cameras.Select(camera => camera.Name));
        Assert.Equal(new SplitCounts(2, 3, 6, 2, 0), manifest.Diagnosis.Train);
        Assert.Equal(new SplitCounts(2, 2, 4, 2, 0), manifest.Diagnosis.Query);
        Assert.Equal(new SplitCounts(3, 3, 6, 2, 0), manifest.Diagnosis.Gallery);
        Assert.Equal(["one-camera-identities", "few-tracklets"], manifest.Diagnosis.Findings.Select(finding => finding.Code));
        var query = manifest.Of(Split.Query).First();
        Assert.Contains(underscores ? "0002_C1_F0002" : "0002C1F0002", manifest.Frames[query.FirstFrame].Name, StringComparison.Ordinal);
    }

    /// <summary>VKD's loader groups neighbours by the first seven characters of their names, whatever folder they are in.</summary>
    [Fact]
    public void Neighbouring_folders_of_one_identity_and_camera_are_one_tracklet()
    {
        var upload = UploadFiles.DukeVideoReid()
            .With("DukeMTMC-VideoReID/train/0001/0003/0001_C3_F0001_X900.jpg", UploadFiles.Bmp(32, 64, 1))
            .With("DukeMTMC-VideoReID/train/0001/0004/0001_C1_F0001_X990.jpg", UploadFiles.Bmp(32, 64, 2));

        var manifest = upload.Ingest();

        Assert.Equal(["0001 1 2", "0001 3 3", "0001 1 1", "0007 1 2"], manifest.Of(Split.Train).Select(
            tracklet => $"{manifest.Identities[tracklet.Identity]} {manifest.Cameras[tracklet.Camera].Name} {tracklet.FrameCount}"));
        var merged = manifest.Diagnosis.Findings.Single(finding => finding.Code == "tracklets-merged");
        Assert.Equal((FindingSeverity.Note, 1), (merged.Severity, merged.Count));
        Assert.Equal(["DukeMTMC-VideoReID/train/0001/0002 and DukeMTMC-VideoReID/train/0001/0003"], merged.Examples);
    }

    [Theory]
    [InlineData("")]
    [InlineData("train/")]
    [InlineData("query/0001/0002/")]
    public void Finds_its_root_wherever_that_is(string above)
    {
        var upload = new UploadFiles();
        foreach (var (name, content) in UploadFiles.DukeVideoReid().Files)
        {
            upload.With(above + name["DukeMTMC-VideoReID/".Length..], content);
        }

        Assert.Equal(3, upload.Ingest().Diagnosis.Train.Tracklets);
    }

    [Fact]
    public void Says_which_folder_is_missing_and_which_name_is_in_the_wrong_one()
    {
        var upload = UploadFiles.DukeVideoReid();
        var queries = upload.Files.Keys.Where(name => name.Contains("/query/", StringComparison.Ordinal)).ToList();
        queries.ForEach(name => upload.Without(name));
        Assert.Contains("duke-video-reid lacks query/IDENTITY/TRACKLET/0001_C6_F0001_X30823.jpg\n", upload.Refusal(), StringComparison.Ordinal);

        var misplaced = UploadFiles.DukeVideoReid().With("DukeMTMC-VideoReID/train/0009/0001/0007_C1_F0001_X1.jpg", UploadFiles.Bmp(32, 64, 1)).Ingest();
        var finding = misplaced.Diagnosis.Findings.Single(finding => finding.Code == "duke-name-differs");
        Assert.Equal((FindingSeverity.Warning, "DukeMTMC-VideoReID/train/0009/0001/0007_C1_F0001_X1.jpg"), (finding.Severity, finding.Examples[0]));
    }

    /// <summary>A twentieth of the whole set: what is made for a name does not grow with how many there are.</summary>
    [Fact]
    public void Each_of_fifty_thousand_names_costs_less_than_a_kilobyte()
    {
        var (layout, files) = (new DukeVideoReidLayout(), Listing(50_000));
        layout.Read(Listing(1000));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Empty(layout.Lacks(files));
        var draft = layout.Read(files);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000 * 1024);
        Assert.Equal(50_000, draft.Frames.Count);
    }

    internal static FileListing Listing(int frames) => new(
        Enumerable.Range(0, frames).Select(i => (Split: new[] { "train", "query", "gallery" }[i / 500 % 3], Person: i / 500, Camera: (i / 100 % 5) + 1, Frame: i % 100)).Select(at => new FrameSource(
            $"DukeMTMC-VideoReID/{at.Split}/{at.Person:D4}/{at.Camera:D4}/{at.Person:D4}_C{at.Camera}_F{at.Frame:D4}_X{at.Frame * 12}.jpg", 0, 0, 0, 0, FrameEncoding.Stored, 0)),
        _ => throw new InvalidOperationException("has no protocol file"));
}
