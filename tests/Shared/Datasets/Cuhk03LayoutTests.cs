using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class Cuhk03LayoutTests
{
    private static readonly Cuhk03Layout Layout = new();

    /// <summary>As a line per tracklet.</summary>
    private static IEnumerable<string> Said(UploadFiles upload, string? variant, Split split)
    {
        var draft = Layout.Read(upload.Listing(), variant);
        Assert.False(draft.Findings.HasErrors, string.Join('\n', draft.Findings.ToList().SelectMany(finding => finding.Examples)));
        var (identities, cameras, tracklets) = draft.Tables();
        return tracklets.Where(tracklet => tracklet.Split == split).Select(tracklet =>
            $"{identities[tracklet.Identity]} {cameras[tracklet.Camera].Name} {draft.Files.Files[draft.Frames[tracklet.FirstFrame]].Name}");
    }

    [Fact]
    public void The_new_protocol_says_who_is_where()
    {
        var manifest = UploadFiles.Cuhk03().Pack("cuhk03.zip").Ingest();

        Assert.Equal("cuhk03", manifest.Layout);
        Assert.Equal(["0001", "0002", "0844", "1283"], manifest.Identities);
        Assert.Equal(["1", "2"], manifest.Cameras.Select(camera => camera.Name));
        Assert.Equal(new SplitCounts(2, 8, 8, 2, 0), manifest.Diagnosis.Train);
        Assert.Equal((new SplitCounts(2, 4, 4, 2, 0), new SplitCounts(2, 4, 4, 2, 0)), (manifest.Diagnosis.Query, manifest.Diagnosis.Gallery));
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Severity != FindingSeverity.Note || finding.Code == "unused-files");
    }

    [Fact]
    public void Detected_and_labeled_train_on_other_people()
    {
        var upload = UploadFiles.Cuhk03();

        Assert.Equal(["0002 1 cuhk03/detected/1_002_1_01.png", "0002 2 cuhk03/detected/1_002_2_06.png", "1283 1 cuhk03/detected/2_440_1_01.png", "1283 2 cuhk03/detected/2_440_2_06.png"], Said(upload, "detected", Split.Query));
        Assert.Equal(["0001 1 cuhk03/labeled/1_001_1_01.png", "0001 2 cuhk03/labeled/1_001_2_06.png", "0844 1 cuhk03/labeled/2_001_1_01.png", "0844 2 cuhk03/labeled/2_001_2_06.png"], Said(upload, "labeled", Split.Query));
        Assert.Equal(Said(upload, "detected", Split.Train), Said(upload, null, Split.Train));
    }

    [Fact]
    public void A_classic_split_searches_every_crop_of_its_identities_among_them()
    {
        var upload = UploadFiles.Cuhk03();

        Assert.Equal(["0002", "1283"], Said(upload, "classic-labeled-1", Split.Query).Select(line => line[..4]).Distinct());
        Assert.Equal(Said(upload, "classic-labeled-1", Split.Query), Said(upload, "classic-labeled-1", Split.Gallery));
        Assert.Equal(8, Said(upload, "classic-labeled-1", Split.Query).Count());
        Assert.Equal(["0001", "0002", "1283"], Said(upload, "classic-detected-2", Split.Train).Select(line => line[..4]).Distinct());
        Assert.All(Said(upload, "classic-detected-2", Split.Train), line => Assert.Contains("/detected/", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("images_detected", "images_labeled")]
    [InlineData("deep/down/detected", "elsewhere/labeled")]
    public void Folders_may_be_called_as_torchreid_calls_them(string detected, string labeled)
    {
        var upload = new UploadFiles();
        foreach (var (name, content) in UploadFiles.Cuhk03().Files)
        {
            upload.With(name.Replace("cuhk03/detected", detected, StringComparison.Ordinal).Replace("cuhk03/labeled", labeled, StringComparison.Ordinal), content);
        }

        Assert.Equal(4, Said(upload, "detected", Split.Query).Count());
        Assert.Equal(4, Said(upload, "labeled", Split.Query).Count());
    }

    [Fact]
    public void Folders_as_Market_1501s_inside_detected_and_labeled_are_the_new_protocol_too()
    {
        var upload = Repacked("detected", "0001").With("cuhk03-np/labeled/query/0009_c1_1.png", UploadFiles.Bmp(40, 90, 9));

        var manifest = upload.Ingest();

        Assert.Equal(("cuhk03", "0001 0003"), (manifest.Layout, string.Join(' ', manifest.Identities)));
        Assert.Equal(["0003 1 cuhk03-np/detected/query/0003_c1_1.png"], Said(upload, "detected", Split.Query));
        Assert.Contains("labeled lacks cuhk03_new_protocol_config_labeled.mat", Refusal(upload, "labeled"), StringComparison.Ordinal);
        Assert.Contains("classic-labeled-7 lacks testsets.txt", Refusal(upload, "classic-labeled-7"), StringComparison.Ordinal);
        Assert.Contains("there is all for detected", Refusal(upload, "labeled"), StringComparison.Ordinal);
    }

    [Fact]
    public void Pushed_alone_such_folders_are_a_set_in_Market_1501s_arrangement()
    {
        var upload = new UploadFiles();
        foreach (var (name, content) in Repacked("detected", "0001").Files)
        {
            upload.With(name["cuhk03-np/detected/".Length..], content);
        }

        Assert.Equal("market1501", upload.Ingest().Layout);
    }

    /// <summary>What `reid dataset push cuhk-03.mat` sends, before the new protocol's files are put beside it.</summary>
    [Fact]
    public void Without_the_new_protocol_the_first_variant_says_what_it_lacks()
    {
        var upload = UploadFiles.Cuhk03().Without("cuhk03/cuhk03_new_protocol_config_detected.mat").Without("cuhk03/cuhk03_new_protocol_config_labeled.mat");

        Assert.Contains("detected lacks cuhk03_new_protocol_config_detected.mat", upload.Refusal(), StringComparison.Ordinal);
        Assert.Contains("there is all for classic-detected-1, classic-detected-2", upload.Refusal(), StringComparison.Ordinal);
        Assert.Contains(
            "cuhk03 lacks cuhk03_new_protocol_config_detected.mat or cuhk03_new_protocol_config_labeled.mat or testsets.txt\n",
            upload.Without("cuhk03/testsets.txt").Refusal() + "\n", StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_are_those_of_the_variant()
    {
        Assert.Equal((7_365, 5_332), (Layout.PublishedOf("detected").Train.Frames, Layout.Published.Gallery.Frames));
        Assert.Equal((7_368, 5_328), (Layout.PublishedOf("labeled").Train.Frames, Layout.PublishedOf("labeled").Gallery.Frames));
        Assert.Equal((1_367, 100, 100), (
            Layout.PublishedOf("classic-labeled-3").Train.Identities, Layout.PublishedOf("classic-labeled-3").Query.Identities, Layout.PublishedOf("classic-labeled-3").Gallery.Identities));
        Assert.Equal((1_467, 42), (Cuhk03Name.Persons.Sum(), Layout.Variants.Count));
        Assert.Equal((14_097, 14_096), (7_365 + 1_400 + 5_332, 7_368 + 1_400 + 5_328));
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "train_idx", "9", "train_idx 1: 9 is not an entry of filelist, which has 4" },
        { "train_idx", "0", "train_idx 1: 0 is not an entry" },
        { "train_idx", "0.5", "'train_idx' holds 0.5, which is no whole number" },
        { "train_idx", "3", "query_idx 1: entry 3 is in a part already" },
        { "labels", "1 1 2", "filelist has 4 entries, labels 3, camId 4" },
        { "labels", "0 1 2 2", "filelist 1: label 0 and camera 1 must be at least 1" },
        { "camId", "1 2 1 -2", "label 2 and camera -2 must be at least 1" },
        { "filelist", "1_001_1_01.png ../../etc/passwd 1_002_1_01.png 1_002_2_06.png", "cuhk03/detected/../../etc/passwd (cuhk03/cuhk03_new_protocol_config_detected.mat filelist 2)" },
        { "filelist", "", "no list of texts 'filelist'" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Says_where_the_new_protocol_contradicts_itself(string variable, string values, string complaint)
    {
        Dictionary<string, string> good = new()
        {
            ["filelist"] = "1_001_1_01.png 1_001_2_06.png 1_002_1_01.png 1_002_2_06.png", ["labels"] = "1 1 2 2", ["camId"] = "1 2 1 2", ["train_idx"] = "1 2", ["query_idx"] = "3", ["gallery_idx"] = "4",
        };
        var changed = new Dictionary<string, string>(good) { [variable] = values };
        var config = MatFileWriter.Write(
            changed["filelist"].Length == 0 ? "list" : "filelist", changed["filelist"].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            [.. changed.Where(pair => pair.Key != "filelist").Select(pair => pair.Value.Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray() is var numbers
                ? new MatMatrix(pair.Key, numbers.Length, 1, numbers) : null!)]);

        Assert.Contains(complaint, UploadFiles.Cuhk03().With("cuhk03/cuhk03_new_protocol_config_detected.mat", config).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_names_say_something_else_the_protocol_counts()
    {
        var upload = UploadFiles.Cuhk03();
        foreach (var (name, content) in upload.Files.Where(file => file.Key.Contains("/2_440_", StringComparison.Ordinal)).ToList())
        {
            upload.Without(name).With(name.Replace("2_440", "2_439", StringComparison.Ordinal), content);
        }

        var names = MatFile.ReadTexts(upload.Files["cuhk03/cuhk03_new_protocol_config_detected.mat"], "config")["filelist"].Select(name => name.Replace("2_440", "2_439", StringComparison.Ordinal)).ToList();
        var numbers = MatFile.Read(upload.Files["cuhk03/cuhk03_new_protocol_config_detected.mat"], "config");
        var manifest = upload.With("cuhk03/cuhk03_new_protocol_config_detected.mat", MatFileWriter.Write("filelist", names, [.. numbers.Values])).Ingest();

        var warning = Assert.Single(manifest.Diagnosis.Findings, finding => finding.Severity == FindingSeverity.Warning);
        Assert.Equal(("cuhk03-name-differs", 4), (warning.Code, warning.Count));
        Assert.Equal("1283", manifest.Identities[^1]);
    }

    [Theory]
    [InlineData("1 1", "line 1: '1 1' is not a split (1 to 20), a camera pair and a person of it")]
    [InlineData("21 1 1", "line 1: '21 1 1' is not")]
    [InlineData("1 6 1", "line 1: '1 6 1' is not")]
    [InlineData("1 5 50", "line 1: '1 5 50' is not")]
    [InlineData("1 1 x", "line 1: '1 1 x' is not")]
    [InlineData("1 1 2\n\n1 1 2", "line 3: person 2 of pair 1 is in split 1 twice")]
    [InlineData("2 1 2", "has no line of split 1")]
    [InlineData("1 1 3", "line 1: person 3 of pair 1 has no crop in cuhk03/detected/")]
    public void Says_which_line_of_the_classic_splits_is_wrong(string lines, string complaint) =>
        Assert.Contains(complaint, Refusal(UploadFiles.Cuhk03().With("cuhk03/testsets.txt", System.Text.Encoding.UTF8.GetBytes(lines)), "classic-detected-1"), StringComparison.Ordinal);

    [Fact]
    public void A_name_says_pair_person_camera_and_column()
    {
        Assert.True(Cuhk03Name.TryParse("a/b/5_049_2_10.png", out var name));
        Assert.Equal((new Cuhk03Name(5, 49, 2, 10), 1467, "5_049_2_10.png"), (name, name.Identity, name.ToString()));
        Assert.All(Enumerable.Range(1, 1467), identity => Assert.Equal(identity, Cuhk03Name.Of(identity, 3).Identity));
        Assert.All(
            (string[])["6_001_1_01.png", "0_001_1_01.png", "5_050_1_01.png", "1_000_1_01.png", "1_001_1_06.png", "1_001_2_05.png", "1_001_2_11.png", "1_001_1_00.png", "1_01_1_01.png", "1_001_1_01.gif", "1_001_1_01png", ""],
            other => Assert.False(Cuhk03Name.TryParse(other, out _), other));
    }

    private static UploadFiles Repacked(string kind, string trained) => new UploadFiles()
        .With($"cuhk03-np/{kind}/bounding_box_train/{trained}_c1_1.png", UploadFiles.Bmp(40, 90, 1))
        .With($"cuhk03-np/{kind}/query/0003_c1_1.png", UploadFiles.Bmp(40, 90, 2))
        .With($"cuhk03-np/{kind}/bounding_box_test/0003_c2_7.png", UploadFiles.Bmp(40, 90, 3));

    private static string Refusal(UploadFiles upload, string variant) =>
        string.Join('\n', Layout.Read(upload.Listing(), variant).Findings.ToList().Where(finding => finding.Severity == FindingSeverity.Error).SelectMany(finding => finding.Examples));
}
