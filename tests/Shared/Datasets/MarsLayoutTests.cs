using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class MarsLayoutTests
{
    private const string TestTable = "mars/info/tracks_test_info.mat";

    [Fact]
    public void Reads_tables_names_and_queries()
    {
        var manifest = UploadFiles.Mars().Pack("MARS.zip").Ingest();

        Assert.Equal("mars", manifest.Layout);
        Assert.Equal(["0001", "0002", "0004", "0007"], manifest.Identities);
        Assert.Equal(["1", "2", "3"], manifest.Cameras.Select(camera => camera.Name));
        Assert.Equal(
            [
                "Train 0001 1 0001C1T0001F001.jpg 0001C1T0001F002.jpg",
                "Train 0001 2 0001C2T0002F001.jpg 0001C2T0002F002.jpg",
                "Train 0007 1 0007C1T0003F001.jpg 0007C1T0003F002.jpg",
                "Train 0007 3 0007C3T0004F001.jpg 0007C3T0004F002.jpg",
                "Query 0002 1 0002C1T0003F001.jpg 0002C1T0003F002.jpg",
                "Query 0004 2 0004C2T0005F001.jpg 0004C2T0005F002.jpg",
                "Gallery - 2 0000C2T0002F001.jpg 0000C2T0002F002.jpg",
                "Gallery 0002 2 0002C2T0004F001.jpg 0002C2T0004F002.jpg",
                "Gallery 0004 1 0004C1T0006F001.jpg 0004C1T0006F002.jpg",
            ],
            manifest.Tracklets.Select(tracklet => Describe(manifest, tracklet)));
        Assert.Equal([0, 3], manifest.TrainingIdentities);
        Assert.Equal(new SplitCounts(2, 3, 6, 2, 1), manifest.Diagnosis.Gallery);
        Assert.Contains(manifest.Diagnosis.Findings, finding => finding is { Code: "junk-dropped", Count: 1, Severity: FindingSeverity.Note });
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Code is "unused-files" or "queries-without-match");
    }

    /// <summary>Its parts are published as separate archives, and people unpack some of them.</summary>
    [Fact]
    public void Reads_parts_from_several_archives_and_loose_files()
    {
        var one = UploadFiles.Mars().Pack("MARS.zip").Ingest();
        var parts = UploadFiles.Mars().Pack("train.zip", "mars/bbox_train").Pack("test.zip", "mars/bbox_test/0").Ingest();

        Assert.Equal(one.Tracklets, parts.Tracklets);
        Assert.Equal(one.Hash, parts.Hash);
        Assert.Equal(2 + 5, parts.Blobs.Count);
        Assert.Equal(parts.Blobs.Select(blob => blob.Name).Order(StringComparer.Ordinal), parts.Blobs.Select(blob => blob.Name));
    }

    [Theory]
    [InlineData(0, 2, -1, 1, "row 1: start 0 is not a line of info/test_name.txt, which has 12")]
    [InlineData(13, 14, -1, 1, "row 1: start 13 is not a line")]
    [InlineData(1, 13, -1, 1, "row 1: end 13 is not a line")]
    [InlineData(2, 1, -1, 1, "row 1: end 1 lies before start 2")]
    [InlineData(1, 2, -1, 0, "row 1: camera 0 is not a camera")]
    [InlineData(1, 2, -2, 1, "row 1: identity -2 cannot be in the gallery split")]
    [InlineData(1, 2, -int.MaxValue, 1, "row 1: identity -2147483647 cannot be")]
    [InlineData(2, 3, -1, 1, "row 1: '0000C2T0002F001.jpg' (info/test_name.txt line 3) is of another identity or camera than '00-1C1T0001F002.jpg'")]
    [InlineData(1, 12, -1, 1, "row 2: the rows up to here cover more than the 12 lines")]
    public void Refuses_rows_that_contradict_the_list(int start, int end, int identity, int camera, string message)
    {
        var upload = UploadFiles.Mars();
        upload.SetTable("test", [(start, end, identity, camera), (3, 4, 0, 2), (5, 6, 2, 1), (7, 8, 2, 2), (9, 10, 4, 2), (11, 12, 4, 1)]);

        Assert.Contains($"info/tracks_test_info.mat {message}", upload.Pack("MARS.zip").Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "entry 2: 0 is not a row of info/tracks_test_info.mat, which has 6")]
    [InlineData(7, "entry 2: 7 is not a row")]
    [InlineData(3, "entry 2: row 3 is there twice")]
    [InlineData(2.5, "entry 2: 2.5 is not a row")]
    [InlineData(double.NaN, "entry 2: NaN is not a row")]
    public void Refuses_query_rows_that_are_not_there(double row, string message)
    {
        var query = MatFileWriter.Write((new MatMatrix("query_IDX", 1, 2, [3, row]), MatType.Double));

        Assert.Contains(
            $"info/query_IDX.mat {message}", UploadFiles.Mars().With("mars/info/query_IDX.mat", query).Pack("MARS.zip").Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_junk_as_a_query()
    {
        var query = MatFileWriter.Write((new MatMatrix("query_IDX", 1, 1, [1]), MatType.UInt16));

        Assert.Contains(
            "row 1: identity -1 cannot be in the query split", UploadFiles.Mars().With("mars/info/query_IDX.mat", query).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_tables_that_are_not_its_own()
    {
        Assert.Contains("no numeric matrix 'track_test_info', only query_IDX", Refusal(UploadFiles.Mars().Files["mars/info/query_IDX.mat"]), StringComparison.Ordinal);
        Assert.Contains("is truncated", Refusal([1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("has 3 columns", Refusal(MatFileWriter.Write((new MatMatrix("track_test_info", 1, 3, [1, 2, 3]), MatType.Int32))), StringComparison.Ordinal);

        static string Refusal(byte[] table) => UploadFiles.Mars().With(TestTable, table).Refusal();
    }

    [Fact]
    public void Names_the_frames_that_are_missing()
    {
        var upload = UploadFiles.Mars().Without("mars/bbox_test/0004/0004C1T0006F002.jpg").Pack("MARS.zip");

        Assert.Contains("missing-file", upload.Refusal(), StringComparison.Ordinal);
        Assert.Contains("mars/bbox_test/0004/0004C1T0006F002.jpg (info/test_name.txt line 12)", upload.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_tracklets_without_any_frame()
    {
        var upload = UploadFiles.Mars()
            .Without("mars/bbox_test/0004/0004C1T0006F001.jpg").Without("mars/bbox_test/0004/0004C1T0006F002.jpg").Pack("MARS.zip");

        Assert.Contains("empty-tracklet", upload.Refusal(), StringComparison.Ordinal);
        Assert.Contains("info/tracks_test_info.mat row 6", upload.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_which_files_belong_to_no_tracklet_and_where_names_and_tables_disagree()
    {
        var upload = UploadFiles.Mars().With("mars/bbox_test/0004/0004C1T0006F003.jpg", UploadFiles.Bmp(32, 64, 5));
        upload.SetTable("train", [(1, 2, 1, 1), (3, 4, 1, 2), (5, 6, 8, 1), (7, 8, 7, 3)]);

        var findings = upload.Pack("MARS.zip").Ingest().Diagnosis.Findings;

        Assert.Equal(["mars/bbox_test/0004/0004C1T0006F003.jpg"], findings.Single(finding => finding.Code == "unused-files").Examples);
        Assert.Contains("row 3: identity 8, camera 1, but '0007C1T0003F001.jpg'", findings.Single(finding => finding.Code == "mars-name-differs").Examples[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_lists_that_are_not_names()
    {
        Assert.Contains("line 1: 'x' is not an image name", Refusal("x\ny\n"), StringComparison.Ordinal);
        Assert.Contains("is not UTF-8 text", Refusal("\xFF\xFE"), StringComparison.Ordinal);
        Assert.Contains("start 1 is not a line of info/test_name.txt, which has 0", Refusal(""), StringComparison.Ordinal);

        static string Refusal(string list)
        {
            var upload = UploadFiles.Mars().With("mars/info/test_name.txt", Encoding.Latin1.GetBytes(list));
            upload.SetTable("test", [(1, 2, 2, 1), (1, 2, 2, 2)]);
            return upload.Refusal();
        }
    }

    private static string Describe(DatasetManifest manifest, Tracklet tracklet) => string.Join(
        ' ',
        [
            tracklet.Split.ToString(),
            tracklet.IsDistractor ? "-" : manifest.Identities[tracklet.Identity],
            manifest.Cameras[tracklet.Camera].Name,
            .. manifest.Frames.Skip(tracklet.FirstFrame).Take(tracklet.FrameCount).Select(frame => Path.GetFileName(frame.Name)),
        ]);
}
