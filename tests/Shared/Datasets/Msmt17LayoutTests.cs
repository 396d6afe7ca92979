using System.Globalization;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class Msmt17LayoutTests
{
    private const string Root = "MSMT17_V1/";

    [Fact]
    public void Reads_lists_labels_and_cameras()
    {
        var manifest = UploadFiles.Msmt17().Pack("MSMT17_V1.zip").Ingest();

        Assert.Equal(("msmt17", "train"), (manifest.Layout, manifest.Variant));
        Assert.Equal(["0000", "0001", "test-0000", "test-0001"], manifest.Identities);
        Assert.Equal(["1", "2", "3", "14", "15"], manifest.Cameras.Select(camera => camera.Name));
        Assert.Equal(
            [
                "Train 0000 1 0000_000_01_0303morning_0008_0.jpg",
                "Train 0000 14 0000_001_14_0303morning_0022_1.jpg",
                "Train 0001 1 0001_000_01_0303noon_0008_0.jpg",
                "Train 0001 2 0001_001_02_0303noon_0012_0.jpg",
                "Query test-0000 3 0000_000_03_0303morning_0008_0.jpg",
                "Query test-0001 1 0001_000_01_0303noon_0009_0.jpg",
                "Gallery test-0000 2 0000_001_02_0303morning_0010_0.jpg",
                "Gallery test-0001 15 0001_001_15_0303noon_0011_0.jpg",
            ],
            manifest.Tracklets.Select(tracklet => Describe(manifest, tracklet)));
        Assert.Equal([0, 1], manifest.TrainingIdentities);
        Assert.Equal(["msmt17-training-list", "few-tracklets"], manifest.Diagnosis.Findings.Select(finding => finding.Code));
    }

    [Fact]
    public void By_the_other_variant_images_for_validation_are_trained_on_too()
    {
        var manifest = UploadFiles.Msmt17().Pack("MSMT17_V1.zip").Ingest(variant: "train-and-val");

        Assert.Equal(new SplitCounts(2, 6, 6, 4, 0), manifest.Diagnosis.Train);
        Assert.Contains("6 images by variant train-and-val", manifest.Diagnosis.Findings[0].Examples[0], StringComparison.Ordinal);
    }

    /// <summary>Version 2, lists in the folders as the reference wants them, names without the person's folder, images with it, and the other way round.</summary>
    [Theory]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, false, false)]
    [InlineData(true, true, true, false)]
    [InlineData(true, false, false, true)]
    [InlineData(false, true, true, true)]
    public void Lists_and_images_may_lie_as_releases_have_them(bool isSecond, bool areListsInside, bool areNamesFlat, bool areImagesFlat)
    {
        var upload = new UploadFiles();
        foreach (var (name, content) in UploadFiles.Msmt17().Files)
        {
            var parts = name.Split('/');
            var (train, test) = isSecond ? ("mask_train_v2", "mask_test_v2") : ("train", "test");
            var isList = parts.Length == 2;
            var folder = isList ? parts[1].Contains("train", StringComparison.Ordinal) || parts[1].Contains("val", StringComparison.Ordinal) ? train : test : parts[1] == "train" ? train : test;
            upload.With(
                isList ? areListsInside ? $"{folder}/{parts[1]}" : parts[1] : areImagesFlat ? $"{folder}/{parts[3]}" : $"{folder}/{parts[2]}/{parts[3]}",
                isList && areNamesFlat ? Encoding.UTF8.GetBytes(string.Concat(Encoding.UTF8.GetString(content).Split('\n').Select(line => line[(line.IndexOf('/', StringComparison.Ordinal) + 1)..] + "\r\n"))) : content);
        }

        var (manifest, usual) = (upload.Ingest(), UploadFiles.Msmt17().Ingest());

        Assert.Equal(usual.Tracklets.Select(tracklet => Describe(usual, tracklet)), manifest.Tracklets.Select(tracklet => Describe(manifest, tracklet)));
        Assert.Equal(isSecond, manifest.Diagnosis.Findings.Any(finding => finding.Code == "msmt17-version"));
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Code == "unused-files");
    }

    [Theory]
    [InlineData("train", 4)]
    [InlineData("train-and-val", 6)]
    public void A_training_list_that_holds_the_validation_too_is_taken_apart(string variant, int images)
    {
        var upload = UploadFiles.Msmt17();
        upload.With($"{Root}list_train.txt", [.. upload.Files[$"{Root}list_train.txt"], .. upload.Files[$"{Root}list_val.txt"]]);

        var manifest = upload.Ingest(variant: variant);

        Assert.Equal(images, manifest.Diagnosis.Train.Frames);
        Assert.EndsWith("holds list_val.txt too", manifest.Diagnosis.Findings[0].Examples[0], StringComparison.Ordinal);
    }

    /// <summary>By the count alone, where there is no list of the validation to compare it with.</summary>
    [Fact]
    public void A_merged_list_is_known_by_its_count_and_the_user_must_choose()
    {
        var files = Enumerable.Range(0, Msmt17Layout.MergedImages).Select(place => (Name: $"train/{place % 1041:D4}_{place:D5}_{(place % 15) + 1:D2}_0303morning_0008_0.jpg", Label: place % 1041)).ToList();
        var lists = new Dictionary<string, string>
        {
            ["list_train.txt"] = string.Concat(files.Select(file => $"{file.Name["train/".Length..]} {file.Label.ToString(CultureInfo.InvariantCulture)}\n")),
            ["list_query.txt"] = "0000_000_01_0303morning_0008_0.jpg 0",
            ["list_gallery.txt"] = "0000_000_02_0303morning_0008_0.jpg 0",
        };
        var listing = new FileListing(
            files.Select(file => file.Name).Concat(lists.Keys).Concat(["test/0000_000_01_0303morning_0008_0.jpg", "test/0000_000_02_0303morning_0008_0.jpg"])
                .Select((name, place) => new FrameSource(name, place, 0, 1 << 20, 1 << 20, FrameEncoding.Loose, 0)),
            file => Encoding.UTF8.GetBytes(lists[file.Name]));

        var (asked, refused) = (new Msmt17Layout().Read(listing, "train-and-val"), new Msmt17Layout().Read(listing, "train"));

        Assert.False(asked.Findings.HasErrors);
        Assert.Equal(32_621 + 2, asked.Frames.Count);
        Assert.Equal("train lacks list_val.txt, without which nobody knows which of the 32621 images of the merged list_train.txt are for validation; there is all for train-and-val", Assert.Single(refused.Findings.ToList(), finding => finding.Code == "variant-lacks-files").Examples[0]);
    }

    [Fact]
    public void A_variant_that_lacks_its_list_is_refused()
    {
        Assert.Contains("variant-lacks-files", UploadFiles.Msmt17().Without($"{Root}list_val.txt").Refusal(variant: "train-and-val"), StringComparison.Ordinal);
        Assert.Contains("lacks list_val.txt; there is all for train", UploadFiles.Msmt17().Without($"{Root}list_val.txt").Refusal(variant: "train-and-val"), StringComparison.Ordinal);
        Assert.Equal(["unused-files"], UploadFiles.Msmt17().Without($"{Root}list_val.txt").Ingest().Diagnosis.Findings.Select(finding => finding.Code).Intersect(["unused-files"]));
    }

    [Fact]
    public void Counts_are_those_of_the_authors_lists()
    {
        var (first, second) = (new Msmt17Layout().PublishedOf("train"), new Msmt17Layout().PublishedOf("train-and-val"));

        Assert.Equal((30_248, 32_621, 11_659, 82_161), (first.Train.Frames, second.Train.Frames, first.Query.Frames, first.Gallery.Frames));
        Assert.Equal((1_041, 3_060, 3_060, 15), (first.Train.Identities, first.Query.Identities, first.Gallery.Identities, first.Gallery.Cameras));
        Assert.Equal(second.Query, first.Query);
    }

    [Theory]
    [InlineData("train", "0000/0000_000_01_0303morning_0009_0.jpg 0", "missing-file", "MSMT17_V1/train/0000/0000_000_01_0303morning_0009_0.jpg (list_train.txt line 1)")]
    [InlineData("train", "\n0000/0000_000_01_0303morning_0008_0.jpg", "msmt17-line", "list_train.txt line 2: '0000/0000_000_01_0303morning_0008_0.jpg' is not the path of an image and a label")]
    [InlineData("train", "0000/0000_000_01_0303morning_0008_0.jpg -1", "msmt17-line", "is not the path of an image and a label")]
    [InlineData("train", "0000/0000_000_01_0303morning_0008_0.jpg 9999999999", "msmt17-line", "is not the path of an image and a label")]
    [InlineData("train", "../train/0000/0000_000_01_0303morning_0008_0.jpg 0\n0000/0000_000_01_0303morning_0008_0.jpg 0", "msmt17-line", "list_train.txt line 2: '0000/0000_000_01_0303morning_0008_0.jpg' is there twice")]
    [InlineData("gallery", "0000/0000_000_c2_0303morning_0008_0.jpg 0", "msmt17-line", "list_gallery.txt line 1")]
    [InlineData("gallery", "", "msmt17-line", "MSMT17_V1/list_gallery.txt names no image")]
    [InlineData("gallery", "0000/0000_000_03_0303morning_0008_0.jpg 0", "msmt17-both-lists", "0000_000_03_0303morning_0008_0.jpg (list_query.txt and list_gallery.txt)")]
    public void Names_the_lines_that_cannot_be(string list, string text, string code, string message)
    {
        var refusal = UploadFiles.Msmt17().With($"{Root}list_{list}.txt", Encoding.UTF8.GetBytes(text)).Refusal();

        Assert.Contains(code, refusal, StringComparison.Ordinal);
        Assert.Contains(message, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_where_labels_leave_a_gap_or_name_another()
    {
        var manifest = UploadFiles.Msmt17().With($"{Root}list_train.txt", "0000/0000_000_01_0303morning_0008_0.jpg 0\n0001/0001_000_01_0303noon_0008_0.jpg 2\n"u8.ToArray()).Ingest();

        Assert.Equal([0, 1], manifest.TrainingIdentities);
        Assert.Equal("2 labels from 0 to 2", manifest.Diagnosis.Findings.Single(finding => finding.Code == "labels-differ").Examples[0]);
        Assert.Equal("list_train.txt line 2: '0001/0001_000_01_0303noon_0008_0.jpg' is labelled 2", manifest.Diagnosis.Findings.Single(finding => finding.Code == "msmt17-label-differs").Examples[0]);
    }

    private static string Describe(DatasetManifest manifest, Tracklet tracklet) =>
        $"{tracklet.Split} {manifest.Identities[tracklet.Identity]} {manifest.Cameras[tracklet.Camera].Name} {Path.GetFileName(manifest.Frames[tracklet.FirstFrame].Name)}";
}
