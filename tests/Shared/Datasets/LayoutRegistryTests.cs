using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class LayoutRegistryTests
{
    /// <summary>Every layout is here with a set of its kind: a new one adds a line.</summary>
    private static readonly Dictionary<string, Func<UploadFiles>> Examples = new()
    {
        ["mars"] = UploadFiles.Mars,
        ["duke-video-reid"] = () => UploadFiles.DukeVideoReid(),
        ["veri-776"] = UploadFiles.Veri,
        ["atrw"] = UploadFiles.Atrw,
        ["dukemtmc-reid"] = UploadFiles.DukeMtmcReid,
        ["msmt17"] = UploadFiles.Msmt17,
        ["cuhk03"] = UploadFiles.Cuhk03,
        ["viper"] = UploadFiles.Viper,
        ["ilids-vid"] = UploadFiles.IlidsVid,
        ["prid-2011"] = UploadFiles.Prid2011,
        ["sysu-mm01"] = () => UploadFiles.SysuMm01(),
        ["regdb"] = UploadFiles.RegDb,
        ["market1501"] = UploadFiles.Market1501,
        ["aligned-partitions"] = () => UploadFiles.AlignedPartitions(),
        ["csv"] = () => UploadFiles.Csv("path,identity,camera,split\na.png,x,1,train", "a.png"),
    };

    [Fact]
    public void Every_layout_recognises_its_own_and_only_that()
    {
        Assert.Equal(LayoutRegistry.Names.Order(), Examples.Keys.Order());
        Assert.All(Examples, example => Assert.Equal(example.Key, example.Value().Pack("set.zip").Ingest().Layout));
        Assert.All(Examples, example => Assert.Equal(example.Key, example.Value().Ingest(example.Key).Layout));
    }

    [Fact]
    public void Says_what_each_layout_looked_for()
    {
        var refusal = UploadFiles.Mars().Without("mars/info/query_IDX.mat").Pack("MARS.zip").Refusal();

        Assert.Contains("layout-not-recognized", refusal, StringComparison.Ordinal);
        Assert.Contains("mars lacks info/query_IDX.mat\n", refusal, StringComparison.Ordinal);
        Assert.Contains("market1501 lacks bounding_box_train/, query/, bounding_box_test/\n", refusal, StringComparison.Ordinal);
        Assert.Contains("csv lacks manifest.csv", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_the_layout_that_is_named()
    {
        var both = UploadFiles.Market1501().With("manifest.csv", "path,identity,camera,split\nMarket-1501-v15.09.15/query/0010_c1s1_000451_00.jpg,x,1,train"u8.ToArray());

        Assert.Contains("layout-ambiguous", both.Refusal(), StringComparison.Ordinal);
        Assert.Equal(["x"], both.Ingest("csv").Identities);
        Assert.Equal(4, both.Ingest("market1501").Identities.Count);
        Assert.Contains("mars lacks info/train_name.txt", both.Refusal("mars"), StringComparison.Ordinal);
        Assert.Contains("There is no layout 'duke'; there are mars, duke-video-reid, veri-776, atrw, dukemtmc-reid, msmt17, cuhk03, viper, ilids-vid, prid-2011, sysu-mm01, regdb, market1501, aligned-partitions, csv.", both.Refusal("duke"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variant_is_one_of_the_layouts_own_and_the_first_unless_one_is_named()
    {
        var split = new Split();

        Assert.Equal("split-1", split.VariantOf(null));
        Assert.Equal("split-2", split.VariantOf("split-2"));
        Assert.Equal("variant-unknown", Assert.Single(Assert.Throws<DatasetException>(() => split.VariantOf("split-3")).Errors).Code);
        Assert.Equal("'split-3' is not one of those of layout split: split-1, split-2", split.FaultOfVariant("split-3"));
        Assert.Null(new ManifestCsv().VariantOf(null));
        Assert.Contains("'split-1' has no effect: layout csv has one protocol; leave it out", UploadFiles.Csv("", []).Refusal(variant: "split-1"), StringComparison.Ordinal);
    }

    private sealed class Split : DatasetLayout
    {
        public override string Name => "split";

        public override IReadOnlyList<string> Variants => ["split-1", "split-2"];

        public override IReadOnlyList<string> Lacks(FileListing files) => [];

        public override ManifestDraft Read(FileListing files) => new(files);
    }
}
