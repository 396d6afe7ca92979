using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class IlidsVidLayoutTests
{
    private const string Splits = "iLIDS-VID/train-test people splits/train_test_splits_ilidsvid.mat";

    [Theory]
    [InlineData("split-1", "person002 person004")]
    [InlineData("split-2", "person001 person319")]
    [InlineData("split-9", "person002 person004")]
    public void The_table_says_who_is_for_training(string variant, string trained)
    {
        var manifest = UploadFiles.IlidsVid().Pack("iLIDS-VID.zip").Ingest(variant: variant);

        Assert.Equal("ilids-vid", manifest.Layout);
        Assert.Equal(trained, string.Join(' ', manifest.TrainingIdentities.Select(identity => manifest.Identities[identity])));
        Assert.Equal((new SplitCounts(2, 4, 8, 2, 0), new SplitCounts(2, 2, 4, 1, 0), new SplitCounts(2, 2, 4, 1, 0)), (manifest.Diagnosis.Train, manifest.Diagnosis.Query, manifest.Diagnosis.Gallery));
        Assert.All(manifest.Of(Split.Query), query => Assert.Contains("/cam1/", manifest.Frames[query.FirstFrame].Name, StringComparison.Ordinal));
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Code == "unused-files");
    }

    [Fact]
    public void Says_what_does_not_fit()
    {
        Assert.Contains("'ls_set' has 10 splits of 4 persons; it needs 10 of the 5", UploadFiles.IlidsVid().With(Film(1), Bmp).With(Film(2), Bmp).Refusal(), StringComparison.Ordinal);
        Assert.Contains("one-camera-person", UploadFiles.IlidsVid().With(Film(1), Bmp).Refusal(), StringComparison.Ordinal);
        Assert.Contains("entry 2: 4 is not a person from 1 to 4, or is there twice", Refusal(4, 4, 1, 2), StringComparison.Ordinal);
        Assert.Contains("entry 1: 0 is not", Refusal(0, 1, 2, 3), StringComparison.Ordinal);
        Assert.Contains("entry 3: 2.5 is not", Refusal(4, 1, 2.5, 3), StringComparison.Ordinal);
        Assert.Contains("'ls_set' has 1 splits of 4", UploadFiles.IlidsVid().With(Splits, Table(4, 1, 2, 3)).Refusal(variant: "split-2"), StringComparison.Ordinal);
        Assert.Contains("no numeric matrix 'ls_set'", UploadFiles.IlidsVid().With(Splits, MatFileWriter.Write((new MatMatrix("x", 1, 1, [1]), MatType.UInt8))).Refusal(), StringComparison.Ordinal);
    }

    private static byte[] Bmp => UploadFiles.Bmp(64, 128, 99);

    private static string Film(int camera) => $"iLIDS-VID/i-LIDS-VID/sequences/cam{camera}/person005/cam{camera}_person005_00001.png";

    private static string Refusal(params double[] row) => UploadFiles.IlidsVid().With(Splits, Table(row)).Refusal();

    private static byte[] Table(params double[] row) => MatFileWriter.Write((new MatMatrix("ls_set", 1, row.Length, row), MatType.Double));
}
