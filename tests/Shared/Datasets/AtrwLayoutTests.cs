using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class AtrwLayoutTests
{
    [Fact]
    public void Reads_entities_cameras_and_times()
    {
        var manifest = UploadFiles.Atrw().Pack("atrw.zip").Ingest();

        Assert.Equal("atrw", manifest.Layout);
        Assert.Equal(["4", "9", "20", "21"], manifest.Identities);
        Assert.Equal(["", "1-7", "2-0"], manifest.Cameras.Select(camera => camera.Name));
        Assert.Equal(new SplitCounts(2, 4, 4, 1, 0), manifest.Diagnosis.Train);
        Assert.Equal(new SplitCounts(2, 5, 5, 2, 0), manifest.Diagnosis.Query);
        Assert.Equal(manifest.Diagnosis.Query, manifest.Diagnosis.Gallery);
        Assert.Equal([100, 102, 104, 300, 300], manifest.Of(Split.Query).Select(query => query.Time!.Value));
        Assert.True(manifest.HasTimes);
        Assert.All(manifest.Of(Split.Train), tracklet => Assert.Null(tracklet.Time));
    }

    [Fact]
    public void Every_test_image_is_query_and_gallery_and_there_once()
    {
        var manifest = UploadFiles.Atrw().Pack("atrw.zip").Ingest();

        Assert.Equal(9, manifest.Frames.Count);
        Assert.Equal(manifest.Of(Split.Query).Select(query => query with { Split = Split.Gallery }), manifest.Of(Split.Gallery));
    }

    [Fact]
    public void The_protocol_itself_is_nothing_to_warn_about()
    {
        var findings = UploadFiles.Atrw().Pack("atrw.zip").Ingest().Diagnosis.Findings;

        Assert.Equal(["queries-without-match", "unlabelled-crops", "few-tracklets"], findings.Select(finding => finding.Code));
        Assert.Equal(["000002.jpg"], findings.Single(finding => finding.Code == "unlabelled-crops").Examples);

        // 102 is too near to both 100 and 104; these two are 4 apart.
        Assert.Equal(["20 in camera 1-7"], findings.Single(finding => finding.Code == "queries-without-match").Examples);
    }

    /// <summary>The authors' archives unpack into folders called train and test, and people put them into folders called so.</summary>
    [Fact]
    public void Finds_the_images_in_nested_folders_of_the_same_name()
    {
        var upload = new UploadFiles();
        foreach (var (name, content) in UploadFiles.Atrw().Files)
        {
            upload.With($"cvwc2019/{(name.Contains("train", StringComparison.Ordinal) ? "train" : "test")}/{name}", content);
        }

        upload.With("cvwc2019/train/000000.jpg", UploadFiles.Bmp(500, 30, 1)).With("detection/test/0001.jpg", UploadFiles.Bmp(500, 30, 2));
        var manifest = upload.Ingest();

        Assert.Equal((4, 5), (manifest.Diagnosis.Train.Frames, manifest.Diagnosis.Query.Frames));
        Assert.Contains("cvwc2019/train/train/000000.jpg", manifest.Frames.Select(frame => frame.Name));
        Assert.Equal(["cvwc2019/train/000000.jpg", "detection/test/0001.jpg"], manifest.Diagnosis.Findings.Single(finding => finding.Code == "unused-files").Examples);
    }

    [Theory]
    [InlineData("reid_list_train.csv", "4,000000.jpg\nfour,000001.jpg", "reid_list_train.csv line 2: 'four,000001.jpg' is not an entity's number, a comma and a file name")]
    [InlineData("reid_list_train.csv", "4 000000.jpg", "reid_list_train.csv line 1: '4 000000.jpg' is not")]
    [InlineData("reid_list_train.csv", "4,000000.jpg\n9,000000.jpg", "reid_list_train.csv line 2: '000000.jpg' is there twice")]
    [InlineData("reid_list_train.csv", "4,000000.jpg\n4,000009.jpg", "train/000009.jpg (reid_list_train.csv line 2)")]
    [InlineData("reid_list_test.csv", "000010.jpg\n000010.jpg", "reid_list_test.csv line 2: '000010.jpg' is there twice")]
    [InlineData("reid_list_test.csv", "tiger.jpg", "reid_list_test.csv line 1: 'tiger.jpg' is not an image of ATRW")]
    [InlineData("reid_list_test.csv", "000010.jpg\n000099.jpg", "reid_list_test.csv line 2: '000099.jpg' is not in gt_test_plain.json")]
    [InlineData("reid_list_test.csv", "000010.jpg", "gt_test_plain.json: image 12 is not in reid_list_test.csv")]
    [InlineData("gt_test_plain.json", "{", "gt_test_plain.json: is not a JSON list of images")]
    [InlineData("gt_test_plain.json", "{}", "gt_test_plain.json: is not a JSON list of images")]
    [InlineData("gt_test_plain.json", "[3]", "gt_test_plain.json entry 1: is not {\"imgid\"")]
    [InlineData("gt_test_plain.json", """[{"imgid":10,"entityid":20,"query":"sing","frame":[1,7]}]""", "gt_test_plain.json entry 1: is not")]
    [InlineData("gt_test_plain.json", """[{"imgid":10,"entityid":20,"query":"one","frame":[1,7,3]}]""", "gt_test_plain.json entry 1: is not")]
    [InlineData("gt_test_plain.json", """[{"imgid":10,"entityid":20,"query":"sing","frame":[1,7,-3]}]""", "gt_test_plain.json entry 1: is not")]
    [InlineData("gt_test_plain.json", """[{"imgid":10,"entityid":20,"query":"sing","frame":[1,7,3]},{"imgid":10,"entityid":20,"query":"sing","frame":[1,7,3]}]""", "entry 2: image 10 is there twice")]
    public void Names_the_lines_that_contradict_each_other(string list, string text, string message) =>
        Assert.Contains(message, UploadFiles.Atrw().With(list, Encoding.UTF8.GetBytes(text)).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void Cameras_decide_whether_an_entity_is_seen_by_one_or_several()
    {
        var upload = UploadFiles.Atrw();
        upload.Files["gt_test_plain.json"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(upload.Files["gt_test_plain.json"]).Replace("multi", "sing", StringComparison.Ordinal));

        var finding = upload.Ingest().Diagnosis.Findings.Single(finding => finding.Code == "atrw-group-differs");

        Assert.Equal((FindingSeverity.Warning, 2, "000020.jpg: 'sing', but entity 21 is 'multi'"), (finding.Severity, finding.Count, finding.Examples[0]));
    }

    [Fact]
    public void A_number_that_both_lists_use_means_two_entities()
    {
        var manifest = UploadFiles.Atrw().With("reid_list_train.csv", "4,000000.jpg\n20,000001.jpg"u8.ToArray()).Ingest();

        Assert.Equal(["4", "20", "test-20", "test-21"], manifest.Identities);
        Assert.Equal(["20"], manifest.Diagnosis.Findings.Single(finding => finding.Code == "entity-numbers-shared").Examples);
    }
}
