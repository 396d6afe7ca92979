using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class Prid2011LayoutTests
{
    private const string Names = "prid2011/splits_prid2011.json";
    private const string Table = "prid2011/train_test_splits_prid.mat";

    [Theory]
    [InlineData("split-1", "person_0002 person_0007", 110)]
    [InlineData("split-10", "person_0001 person_0200", 108)]
    public void The_list_says_who_is_for_training(string variant, string trained, int frames)
    {
        var manifest = UploadFiles.Prid2011().Pack("prid_2011.zip").Ingest(variant: variant);

        Assert.Equal("prid-2011", manifest.Layout);
        Assert.Equal(trained, string.Join(' ', manifest.TrainingIdentities.Select(identity => manifest.Identities[identity])));
        Assert.Equal(new SplitCounts(2, 4, frames, 2, 0), manifest.Diagnosis.Train);
        Assert.Equal((2, 2, 1), (manifest.Diagnosis.Query.Tracklets, manifest.Diagnosis.Gallery.Tracklets, manifest.Diagnosis.Query.Cameras));
        Assert.All(manifest.Of(Split.Gallery), item => Assert.Contains("/cam_b/", manifest.Frames[item.FirstFrame].Name, StringComparison.Ordinal));
        Assert.Equal(["person_0003", "person_0201"], Assert.Single(manifest.Diagnosis.Findings, finding => finding.Code == "persons-left-out").Examples);
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Code == "unused-files");
    }

    /// <summary>Numbers of the table are the persons with at least 27 frames in both cameras, in order: 1, 2, 7 and 200.</summary>
    [Fact]
    public void The_table_that_comes_with_iLIDS_VID_counts_the_usable_persons()
    {
        double[] first = [1, 4, 2, 3];
        var table = MatFileWriter.Write((new MatMatrix("ls_set", 1, 4, first), MatType.UInt8));
        var listed = UploadFiles.Prid2011().Ingest();

        var counted = UploadFiles.Prid2011().Without(Names).With(Table, table).Ingest();

        Assert.Equal(listed.Hash, counted.Hash);
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "[]", "is not a list of at least 1 splits" },
        { "{", "is not a JSON list of splits" },
        { "[1]", "has no list 'train'" },
        { """[{"train": ["person_0001"]}]""", "has no list 'test'" },
        { """[{"train": ["person_0201"], "test": []}]""", "train 1: 'person_0201' has no film in both cameras" },
        { """[{"train": [7], "test": []}]""", "train 1: '7' has no film" },
        { """[{"train": ["person_0001"], "test": ["person_0001"]}]""", "test 1: 'person_0001' is there twice" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Says_what_is_wrong_with_the_list(string json, string complaint) =>
        Assert.Contains(complaint, UploadFiles.Prid2011().With(Names, System.Text.Encoding.UTF8.GetBytes(json)).Refusal(), StringComparison.Ordinal);
}
