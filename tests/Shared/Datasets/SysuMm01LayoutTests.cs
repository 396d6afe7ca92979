using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class SysuMm01LayoutTests
{
    private const string Draws = "sysu/exp/rand_perm_cam.mat";

    [Fact]
    public void Infrared_images_of_the_test_are_searched_for_among_the_visible_ones()
    {
        var manifest = UploadFiles.SysuMm01().Pack("SYSU-MM01.zip").Ingest();

        Assert.Equal(("sysu-mm01", "trainval"), (manifest.Layout, manifest.Variant));
        Assert.Equal(["0001", "0004", "0006", "0010", "0334"], manifest.Identities);
        Assert.Equal([0, 1, 4], manifest.TrainingIdentities);
        Assert.Equal("1v 2v 3i 4v 5v 6i", string.Join(' ', manifest.Cameras.Select(camera => camera.Name + (camera.Modality == Modality.Visible ? 'v' : 'i'))));
        Assert.Equal(new SplitCounts(3, 40, 40, 6, 0) { Modality = SplitModality.Both }, manifest.Diagnosis.Train);
        Assert.Equal(new SplitCounts(2, 8, 8, 2, 0) { Modality = SplitModality.Infrared }, manifest.Diagnosis.Query);
        Assert.Equal(new SplitCounts(2, 18, 18, 4, 0), manifest.Diagnosis.Gallery);
        Assert.Equal("0006:cam3/0006/0001 0006:cam3/0006/0002 0006:cam6/0006/0001 0006:cam6/0006/0002 0010:cam3/0010/0001", Names(manifest, Split.Query, 5));
        Assert.Equal("0006:cam1/0006/0002 0006:cam1/0006/0003 0006:cam1/0006/0011 0006:cam2/0006/0002", Names(manifest, Split.Gallery, 4));
        Assert.Equal("0001:cam1/0001/0002 0001:cam1/0001/0003 0001:cam1/0001/0011 0001:cam2/0001/0002", Names(manifest, Split.Train, 4));
        Assert.Equal(["0003"], Assert.Single(manifest.Diagnosis.Findings, finding => finding.Code == "persons-left-out").Examples);
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Code is "unused-files" or "published-counts");
    }

    [Fact]
    public void By_variant_train_the_validation_persons_are_measured_on()
    {
        var manifest = UploadFiles.SysuMm01().Ingest(variant: "train");

        Assert.Equal(["0001", "0004", "0334"], manifest.Identities);
        Assert.Equal([0, 1], manifest.TrainingIdentities);
        Assert.Equal("0334:cam3/0334/0001 0334:cam3/0334/0002", Names(manifest, Split.Query, 5));
        Assert.Equal(6, manifest.Diagnosis.Gallery.Tracklets);
        Assert.Equal(6, manifest.GalleryDraws[0].Count);
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Code == "unused-files");
    }

    /// <summary>Row t of each matrix is the order of the images by name; only as many as a gallery may have are kept.</summary>
    [Fact]
    public void The_authors_galleries_are_kept()
    {
        var manifest = UploadFiles.SysuMm01().Ingest();

        Assert.Equal(10, manifest.GalleryDraws.Count);
        Assert.All(manifest.GalleryDraws, draw => Assert.Equal(18, draw.Count));
        Assert.Equal(
            ["cam1/0006/0002", "cam1/0006/0003", "cam1/0006/0011", "cam2/0006/0002"], manifest.GalleryDraws[0].Take(4).Select(frame => manifest.Frames[frame].Name[5..^4]));
        Assert.Equal(
            ["cam1/0006/0011", "cam1/0006/0002", "cam1/0006/0003", "cam2/0006/0011"], manifest.GalleryDraws[5].Take(4).Select(frame => manifest.Frames[frame].Name[5..^4]));
        Assert.Equal(
            manifest.Of(Split.Gallery).Select(tracklet => tracklet.FirstFrame).Order(), manifest.GalleryDraws[9].Order());
        Assert.Empty(UploadFiles.SysuMm01().Without(Draws).Ingest().GalleryDraws);
    }

    [Fact]
    public void Either_form_of_the_lists_will_do()
    {
        var both = UploadFiles.SysuMm01().Ingest();
        var (texts, tables) = (UploadFiles.SysuMm01(), UploadFiles.SysuMm01());
        foreach (var list in new[] { "train_id", "val_id", "test_id", "available_id" })
        {
            texts.Without($"sysu/exp/{list}.mat");
            tables.Without($"sysu/exp/{list}.txt");
        }

        Assert.Equal(both.Hash, texts.Ingest().Hash);
        Assert.Equal(both.Hash, tables.Pack("a.zip").Ingest().Hash);
    }

    [Fact]
    public void Hidden_files_are_no_images()
    {
        var manifest = UploadFiles.SysuMm01().With("sysu/cam1/0006/.0001.bmp", [1]).With("sysu/cam1/0006/._0002.bmp", [2]).With("sysu/cam1/.cache/0001.bmp", [3]).Ingest();

        Assert.Equal(UploadFiles.SysuMm01().Ingest().Hash, manifest.Hash);
        Assert.Equal(3, Assert.Single(manifest.Diagnosis.Findings, finding => finding.Code == "unused-files").Count);
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "train_id", "1,4,4", "exp/train_id.txt: 4 is there twice" },
        { "train_id", "1,x", "'x' is no person's number" },
        { "train_id", "1,-4", "'-4' is no person's number" },
        { "train_id", "1,10000", "10000 is no person's number, which are from 1 to 9999" },
        { "train_id", "", "exp/train_id.txt: is empty" },
        { "train_id", "1", "exp/train_id: .mat has 2 persons and .txt 1, not the same: first 4" },
        { "val_id", "1", "exp/val_id and exp/train_id: both have 1" },
        { "val_id", "3", "exp/val_id: 3 is not in exp/available_id" },
        { "test_id", "6,10,11", "exp/test_id: 11 is not in exp/available_id" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Says_what_is_wrong_with_a_list(string list, string text, string complaint)
    {
        var upload = UploadFiles.SysuMm01().With($"sysu/exp/{list}.txt", Encoding.UTF8.GetBytes(text));
        upload = complaint.Contains("not the same", StringComparison.Ordinal) ? upload : upload.Without($"sysu/exp/{list}.mat");

        Assert.Contains(complaint, upload.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_which_list_is_not_there_and_who_has_no_image()
    {
        var nobody = UploadFiles.SysuMm01().With("sysu/exp/test_id.txt", "6,10,11"u8.ToArray()).Without("sysu/exp/test_id.mat").Without("sysu/exp/available_id.mat").Without("sysu/exp/available_id.txt");

        Assert.Contains("missing-identity: the lists name persons of whom there is no image", nobody.Refusal(), StringComparison.Ordinal);
        Assert.Contains("\n0011", nobody.Refusal(), StringComparison.Ordinal);
        Assert.Contains(
            "sysu-mm01 lacks exp/val_id.mat or exp/val_id.txt\n", UploadFiles.SysuMm01().Without("sysu/exp/val_id.mat").Without("sysu/exp/val_id.txt").Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, 3, 1, "is 9×3, where there are 3 images and 10 trials")]
    [InlineData(10, 2, 1, "is 10×2, where there are 3 images")]
    [InlineData(10, 3, 4, "trial 1: 4 is none of 3 images")]
    [InlineData(10, 3, 1, "trial 1: 1 is none of 3 images, or is there twice")]
    [InlineData(0, 0, 1, "has no matrix")]
    public void Says_what_is_wrong_with_the_galleries(int rows, int columns, double value, string complaint)
    {
        var matrix = new MatMatrix("", rows, columns, [.. Enumerable.Repeat(value, rows * columns)]);
        var file = MatFileWriter.Write("rand_perm_cam", [[.. Enumerable.Repeat(rows == 0 ? null : matrix, 12)]]);

        Assert.Contains($"exp/rand_perm_cam.mat: camera 1, person 0006", UploadFiles.SysuMm01().With(Draws, file).Refusal(), StringComparison.Ordinal);
        Assert.Contains(complaint, UploadFiles.SysuMm01().With(Draws, file).Refusal(), StringComparison.Ordinal);
    }

    /// <summary>Per camera, so that it is seen which folder lacks something.</summary>
    [Fact]
    public void Numbers_that_differ_from_the_published_ones_are_told_by_camera()
    {
        var layout = new SysuMm01Layout();
        var published = layout.PublishedOf("trainval")!;
        var tracklets = new List<Tracklet>();
        foreach (var (split, counts) in new[] { (Split.Train, published.Train), (Split.Query, published.Query), (Split.Gallery, published.Gallery) })
        {
            var first = split == Split.Train ? 0 : 395;
            foreach (var (camera, frames) in counts.FramesByCamera!)
            {
                var there = split == Split.Train && camera == "1" ? frames - 1 : frames;
                tracklets.AddRange(Enumerable.Range(0, there).Select(place => new Tracklet(split, first + (place % counts.Identities!.Value), int.Parse(camera) - 1, 0, 1)));
            }
        }

        var identities = Enumerable.Range(0, 491).Select(identity => identity.ToString("D4")).ToArray();
        Camera[] cameras = [.. Enumerable.Range(1, 6).Select(camera => new Camera($"{camera}", camera % 3 == 0 ? Modality.Infrared : Modality.Visible))];
        var diagnosis = ManifestDiagnoser.Diagnose(identities, cameras, tracklets, published, new FindingList());

        Assert.Equal(
            ["train tracklets: 34166, published 34167", "train frames: 34166, published 34167", "train frames of camera 1: 4720, published 4721"],
            Assert.Single(diagnosis.Findings, finding => finding.Code == "published-counts").Examples);
        Assert.Equal((34_167, 3_803, 6_775), (published.Train.Frames, published.Query.Frames, published.Gallery.Frames));
    }

    private static string Names(DatasetManifest manifest, Split split, int most) => string.Join(' ', manifest.Of(split).Take(most).Select(tracklet =>
        $"{manifest.Identities[tracklet.Identity]}:{manifest.Frames[tracklet.FirstFrame].Name["sysu/".Length..^".bmp".Length]}"));
}
