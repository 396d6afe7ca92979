using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class VeriLayoutTests
{
    [Fact]
    public void Reads_lists_tracks_and_queries()
    {
        var manifest = UploadFiles.Veri().Pack("VeRi.zip").Ingest();

        Assert.Equal("veri-776", manifest.Layout);
        Assert.Equal(["0001", "0002", "0003", "0005"], manifest.Identities);
        Assert.Equal(["1", "2", "3", "12"], manifest.Cameras.Select(camera => camera.Name));
        Assert.Equal(
            [
                "Train 0001 1 0001_c001_00000100_0.jpg 0001_c001_00000101_0.jpg",
                "Train 0001 2 0001_c002_00000300_0.jpg",
                "Train 0003 1 0003_c001_00000102_0.jpg",
                "Train 0003 12 0003_c012_00000400_0.jpg",
                "Gallery 0002 1 0002_c001_00000500_0.jpg 0002_c001_00000501_0.jpg",
                "Gallery 0002 2 0002_c002_00000600_0.jpg 0002_c002_00000601_0.jpg",
                "Gallery 0005 3 0005_c003_00000700_0.jpg 0005_c003_00000701_0.jpg",
                "Gallery 0005 1 0005_c001_00000800_0.jpg",
                "QueryImage 0002 1 0002_c001_00000500_0.jpg",
                "Query 0002 1 0002_c001_00000500_0.jpg 0002_c001_00000501_0.jpg",
                "QueryImage 0005 3 0005_c003_00000700_0.jpg",
                "Query 0005 3 0005_c003_00000700_0.jpg 0005_c003_00000701_0.jpg",
            ],
            manifest.Tracklets.Select(tracklet => Describe(manifest, tracklet)));
        Assert.Equal(new SplitCounts(2, 2, 2, 2, 0), manifest.Diagnosis.QueryImage);
        Assert.Equal(new SplitCounts(2, 2, 4, 2, 0), manifest.Diagnosis.Query);
        Assert.False(manifest.HasTimes);
    }

    /// <summary>Tracks that are searched for are tracks of the gallery: their frames are there once.</summary>
    [Fact]
    public void Frames_of_several_tracklets_are_there_once()
    {
        var manifest = UploadFiles.Veri().Pack("VeRi.zip").Ingest();

        Assert.Equal(5 + 7 + 2, manifest.Frames.Count);
        Assert.Equal(manifest.Frames.Count, manifest.Frames.DistinctBy(frame => frame.Name).Count());
        Assert.Equal(["VeRi/image_query/0002_c001_00000500_0.jpg"], manifest.Of(Split.QueryImage).Take(1).Select(query => manifest.Frames[query.FirstFrame].Name));
        Assert.Equal("VeRi/image_test/0002_c001_00000500_0.jpg", manifest.Frames[manifest.Of(Split.Query).First().FirstFrame].Name);
    }

    [Fact]
    public void The_protocol_itself_is_nothing_to_warn_about()
    {
        var findings = UploadFiles.Veri().Pack("VeRi.zip").Ingest().Diagnosis.Findings;

        Assert.Equal(["few-tracklets"], findings.Select(finding => finding.Code));
    }

    /// <summary>The authors' file ends each line with a blank, and VKD's parser takes the last token for what follows it.</summary>
    [Fact]
    public void No_image_is_lost_with_the_trailing_blank()
    {
        static UploadFiles With(string end) => UploadFiles.Veri().With("VeRi/test_track.txt", Encoding.UTF8.GetBytes(
            $"0002_c001_1 0002_c001_00000500_0.jpg 0002_c001_00000501_0.jpg{end}0002_c002_1 0002_c002_00000600_0.jpg{end}0005_c001_1 0005_c001_00000800_0.jpg{end}"));

        var counts = new[] { " \n", "\n", " \r\n", "\r\n", "  \n\n" }.Select(end => With(end).Ingest()).ToList();

        Assert.All(counts, manifest => Assert.Equal((3, 4), (manifest.Diagnosis.Gallery.Tracklets, manifest.Diagnosis.Gallery.Frames)));
        Assert.All(counts, manifest => Assert.Equal(counts[0].Hash, manifest.Hash));
        var without = counts[0].Diagnosis.Findings.Single(finding => finding.Code == "queries-without-track");
        Assert.Equal(["0005_c003_00000700_0.jpg"], without.Examples);
        Assert.Equal((1, 2), (counts[0].Diagnosis.Query.Tracklets, counts[0].Diagnosis.QueryImage!.Tracklets));
    }

    [Theory]
    [InlineData("name_train.txt", "0001_c001_00000100_0.jpg\n0001_c001_00000109_0.jpg", "missing-file", "VeRi/image_train/0001_c001_00000109_0.jpg (name_train.txt line 2)")]
    [InlineData("name_train.txt", "\n1_c001_0.jpg", "veri-line", "name_train.txt line 2: '1_c001_0.jpg' is not an image name of VeRi-776")]
    [InlineData("name_train.txt", "../0001_c001_00000100_0.jpg", "veri-line", "name_train.txt line 1: '../0001_c001_00000100_0.jpg' is not an image name")]
    [InlineData("name_train.txt", "0001_c001_00000100_0.jpg\n0001_c001_00000100_0.jpg", "veri-line", "name_train.txt line 2: '0001_c001_00000100_0.jpg' is there twice")]
    [InlineData("name_query.txt", "0002_c001_00000501_0.jpg", "missing-file", "VeRi/image_query/0002_c001_00000501_0.jpg (name_query.txt line 1)")]
    [InlineData("test_track.txt", "0002_c001_1 0002_c001_00000500_0.jpg \ntrack2 0002_c001_00000501_0.jpg", "veri-line", "test_track.txt line 2: 'track2' is not the name of a track")]
    [InlineData("test_track.txt", "0002_c001_1 0002_c001_00000509_0.jpg", "missing-file", "VeRi/image_test/0002_c001_00000509_0.jpg (test_track.txt line 1)")]
    [InlineData("test_track.txt", "0002_c001_1 ", "empty-tracklet", "test_track.txt line 1: '0002_c001_1'")]
    public void Names_the_lines_that_contradict_the_images(string list, string text, string code, string message)
    {
        var refusal = UploadFiles.Veri().With($"VeRi/{list}", Encoding.UTF8.GetBytes(text)).Refusal();

        Assert.Contains(code, refusal, StringComparison.Ordinal);
        Assert.Contains(message, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_where_a_track_holds_another_vehicle()
    {
        var manifest = UploadFiles.Veri().With("VeRi/test_track.txt", "0002_c001_1 0002_c001_00000500_0.jpg 0005_c001_00000800_0.jpg "u8.ToArray()).Ingest();

        var finding = manifest.Diagnosis.Findings.Single(finding => finding.Code == "veri-name-differs");
        Assert.Equal((FindingSeverity.Warning, "test_track.txt line 1: '0005_c001_00000800_0.jpg' in '0002_c001_1'"), (finding.Severity, finding.Examples[0]));
    }

    [Theory]
    [InlineData(575)]
    [InlineData(576)]
    public void Says_which_training_list_it_is(int vehicles)
    {
        var upload = UploadFiles.Veri();
        var names = Enumerable.Range(100, vehicles).Select(vehicle => $"{vehicle:D4}_c001_00000100_0.jpg").ToList();
        names.ForEach(name => upload.With($"VeRi/image_train/{name}", UploadFiles.Bmp(24, 24, int.Parse(name.AsSpan(0, 4)))));
        upload.With("VeRi/name_train.txt", Encoding.UTF8.GetBytes(string.Join('\n', names)));

        var finding = upload.Pack("VeRi.zip").Ingest().Diagnosis.Findings.Single(finding => finding.Code == "veri-training-list");

        Assert.Equal((FindingSeverity.Note, $"this one lists {vehicles}"), (finding.Severity, finding.Examples[0]));
    }

    private static string Describe(DatasetManifest manifest, Tracklet tracklet) => string.Join(
        ' ',
        [
            tracklet.Split.ToString(),
            manifest.Identities[tracklet.Identity],
            manifest.Cameras[tracklet.Camera].Name,
            .. manifest.Frames.Skip(tracklet.FirstFrame).Take(tracklet.FrameCount).Select(frame => Path.GetFileName(frame.Name)),
        ]);
}
