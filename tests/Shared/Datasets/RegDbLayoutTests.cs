using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class RegDbLayoutTests
{
    private const string List = "RegDB/idx/train_visible_1.txt";

    [Theory]
    [InlineData("split-1", "2 285", "73 412")]
    [InlineData("split-10", "73 412", "2 285")]
    public void Visible_images_of_the_test_are_searched_for_among_the_thermal_ones(string variant, string trained, string tested)
    {
        var manifest = UploadFiles.RegDb().Pack("RegDB.zip").Ingest(variant: variant);

        Assert.Equal(("regdb", variant), (manifest.Layout, manifest.Variant));
        Assert.Equal(["2", "73", "285", "412"], manifest.Identities);
        Assert.Equal([new Camera("thermal", Modality.Infrared), new Camera("visible")], manifest.Cameras);
        Assert.Equal(trained, string.Join(' ', manifest.TrainingIdentities.Select(identity => manifest.Identities[identity])));
        Assert.Equal(tested, string.Join(' ', manifest.Of(Split.Query).Select(tracklet => manifest.Identities[tracklet.Identity]).Distinct()));
        Assert.Equal((new SplitCounts(2, 8, 8, 2, 0) { Modality = SplitModality.Both }, new SplitCounts(2, 4, 4, 1, 0), new SplitCounts(2, 4, 4, 1, 0) { Modality = SplitModality.Infrared }), (manifest.Diagnosis.Train, manifest.Diagnosis.Query, manifest.Diagnosis.Gallery));
        Assert.All(manifest.Of(Split.Gallery), item => Assert.Contains("/Thermal/", manifest.Frames[item.FirstFrame].Name, StringComparison.Ordinal));
        Assert.All(manifest.Of(Split.Gallery), item => Assert.Equal(Modality.Infrared, manifest.Cameras[item.Camera].Modality));
        Assert.All(manifest.Of(Split.Query), item => Assert.Contains("/Visible/", manifest.Frames[item.FirstFrame].Name, StringComparison.Ordinal));
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Code is "unused-files" or "queries-without-match");
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "Visible/2/female_back_v_00021_2.bmp", "line 1: 'Visible/2/female_back_v_00021_2.bmp' is not a path, a space and a label" },
        { "Visible/2/female_back_v_00021_2.bmp x", "is not a path, a space and a label" },
        { "Visible/2/female_back_v_00021_2.bmp -1", "is not a path, a space and a label" },
        { "Visible/2/female_back_v_00021_2.bmp 206", "line 1: label 206 is not from 0 to 205" },
        { "Visible/2/female_back_v_00022_2.bmp 0", "missing-file: the protocol names files that are not there: upload them too\nRegDB/Visible/2/female_back_v_00022_2.bmp (RegDB/idx/train_visible_1.txt line 1)" },
        { "Thermal/2/female_back_t_00021_2.bmp 0", "'Thermal/2/female_back_t_00021_2.bmp' is no image in Visible/" },
        { "../Visible/2/female_back_v_00021_2.bmp 0", "is no image in Visible/" },
        { "Visible/2/female_back_v_00021_2.bmp 0\nVisible/2/female_back_v_00021_2.bmp 0", "line 2: 'Visible/2/female_back_v_00021_2.bmp' is in a list of this split already" },
        { "Visible/2/female_back_v_00021_2.bmp 0\nVisible/285/male_back_v_02851_285.bmp 0", "line 2: label 0 is person 2 in a line before, and 285 here" },
        { "Visible/73/female_front_v_00731_73.bmp 3", "RegDB/idx/test_visible_1.txt line 1: 'Visible/73/female_front_v_00731_73.bmp' is in a list of this split already" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Says_what_is_wrong_with_a_line(string text, string complaint) =>
        Assert.Contains(complaint, UploadFiles.RegDb().With(List, Encoding.UTF8.GetBytes(text)).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void A_label_of_one_camera_is_the_same_person_of_the_other()
    {
        const string text = "Thermal/285/male_back_t_02851_285.bmp 0\n";

        Assert.Contains("label 0 is person 2 in a line before, and 285 here", UploadFiles.RegDb().With("RegDB/idx/train_thermal_1.txt", Encoding.UTF8.GetBytes(text)).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_without_its_lists_is_refused_and_others_are_read()
    {
        var upload = UploadFiles.RegDb().Without("RegDB/idx/test_thermal_3.txt");

        Assert.Contains("variant-lacks-files: the variant's lists are not there: add them, or name a variant that has all four\nidx/test_thermal_3.txt", upload.Refusal(variant: "split-3"), StringComparison.Ordinal);
        Assert.Equal("split-4", upload.Ingest(variant: "split-4").Variant);
        var without = UploadFiles.RegDb();
        foreach (var name in without.Files.Keys.Where(name => name.Contains("Thermal/", StringComparison.Ordinal)).ToList())
        {
            without.Without(name);
        }

        Assert.Contains("regdb lacks Thermal/\n", without.Refusal(), StringComparison.Ordinal);
    }
}
