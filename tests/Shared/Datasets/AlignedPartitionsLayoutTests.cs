using ReidCloud.Datasets;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class AlignedPartitionsLayoutTests
{
    private const string File = "market1501/partitions.pkl";

    [Theory]
    [InlineData("arrays")]
    [InlineData("protocol4")]
    [InlineData("bytes")]
    [InlineData("scalars")]
    [InlineData("lists")]
    [InlineData("objects")]
    public void Trains_on_all_and_tests_by_the_marks_in_whatever_form_they_were_saved(string form)
    {
        var manifest = UploadFiles.AlignedPartitions(form).Pack("market1501.zip").Ingest();

        Assert.Equal(("aligned-partitions", "trainval"), (manifest.Layout, manifest.Variant));
        Assert.Equal(["0002", "0007", "0010"], manifest.Identities);
        Assert.Equal(["1", "2", "3", "6"], manifest.Cameras.Select(camera => camera.Name));
        Assert.Equal(new SplitCounts(2, 4, 4, 3, 0), manifest.Diagnosis.Train);
        Assert.Equal(new SplitCounts(1, 1, 1, 1, 0), manifest.Diagnosis.Query);
        Assert.Equal(new SplitCounts(1, 2, 2, 2, 1), manifest.Diagnosis.Gallery);
        Assert.Equal(new SplitCounts(1, 1, 1, 1, 0), manifest.Diagnosis.MultiQuery);
        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Code is "labels-differ" or "unused-files" or "no-test");
    }

    [Fact]
    public void Measures_on_the_validation_part_by_variant_train()
    {
        var manifest = UploadFiles.AlignedPartitions().Ingest(variant: "train");

        Assert.Equal(["0002", "0007"], manifest.Identities);
        Assert.Equal([0], manifest.TrainingIdentities);
        Assert.Equal((1, 1), (manifest.Diagnosis.Query.Tracklets, manifest.Diagnosis.Gallery.Tracklets));
        Assert.Null(manifest.Diagnosis.MultiQuery);
    }

    [Theory]
    [InlineData("detected", "0001")]
    [InlineData("labeled", "0002")]
    public void CUHK03s_supplied_file_holds_two_variants_and_its_identity_0_is_somebody(string kind, string tested)
    {
        var upload = Cuhk03(kind);

        var manifest = upload.Ingest(variant: kind);

        Assert.Equal(["0000", tested], manifest.Identities);
        Assert.Equal((1, 1, 1), (manifest.Diagnosis.Train.Identities, manifest.Diagnosis.Query.Tracklets, manifest.Diagnosis.Gallery.Tracklets));
        Assert.Contains("variant-missing: partitions.pkl holds other variants than trainval: name one of them (--variant)\ndetected, labeled", upload.Refusal(), StringComparison.Ordinal);
        Assert.Contains("name one of them (--variant)\ntrainval, train", UploadFiles.AlignedPartitions().Refusal(variant: kind), StringComparison.Ordinal);
    }

    /// <summary>As Python 2 wrote it: strings of bytes, and no test.</summary>
    [Fact]
    public void The_set_of_three_has_no_test_and_is_trained_on_all_the_same()
    {
        var upload = new UploadFiles().With("combined/partitions.pkl", Pickle(p => p.Add("]").Old("00000000_0001_00000000.jpg").Add("a").Old("00000001_0002_00000000.jpg").Add("a")));
        upload.With("combined/trainval_images/00000000_0001_00000000.jpg", UploadFiles.Bmp(32, 64, 1)).With("combined/trainval_images/00000001_0002_00000000.jpg", UploadFiles.Bmp(32, 64, 2));

        var manifest = upload.Ingest();

        Assert.Equal(["0000", "0001"], manifest.TrainingIdentities.Select(identity => manifest.Identities[identity]));
        Assert.Contains(manifest.Diagnosis.Findings, finding => finding is { Code: "no-test", Severity: FindingSeverity.Note });
        Assert.Contains("partition-missing", upload.Refusal(variant: "train"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(751, 12_936, 3_368, 15_913, 12_688, 31_969)]
    [InlineData(702, 16_522, 2_228, 17_661, 0, 19_889)]
    [InlineData(2_220, 36_823, 0, 0, 0, 0)]
    public void The_published_counts_are_compared(int persons, int trained, int queries, int gallery, int more, int tested)
    {
        Assert.Equal(tested, queries + gallery + more);

        Assert.DoesNotContain(Findings(trained), finding => finding.Code == "published-counts");
        Assert.Contains($"train frames: {trained - 1}, published of", Assert.Single(Findings(trained - 1), finding => finding.Code == "published-counts").Examples[0], StringComparison.Ordinal);

        IReadOnlyList<Finding> Findings(int images)
        {
            List<string> names = [.. Enumerable.Range(0, images).Select(i => $"{(i % persons) + 1:D8}_0001_{i / persons:D8}.jpg")];
            List<string> test = [.. Enumerable.Range(0, tested).Select(i => $"{10_000 + i:D8}_0001_00000000.jpg")];
            var pickle = new PickleBytes().Add("}").Text("trainval_im_names").List(names);
            pickle = tested == 0 ? pickle : pickle.Add("s").Text("test_im_names").List(test).Add("s").Text("test_marks").Marks([.. Enumerable.Repeat(0, queries), .. Enumerable.Repeat(1, gallery), .. Enumerable.Repeat(2, more)]);
            var bytes = pickle.Add("s").Done();
            IEnumerable<string> files = [.. names.Concat(test).Select(name => $"images/{name}"), "partitions.pkl"];
            return new AlignedPartitionsLayout().Read(
                new FileListing(files.Select((name, i) => new FrameSource(name, 0, i, 1, bytes.Length, FrameEncoding.Stored, 0)), _ => bytes), "trainval").Findings.ToList();
        }
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "partition-marks: marks of partitions.pkl are not one for each name", "marks" },
        { "missing-file: the protocol names files that are not there", "file" },
        { "partition-name: names of partitions.pkl are none of images", "name" },
        { "partitions.pkl: 'trainval_im_names' is not a list of names", "number" },
        { "partitions.pkl: 'test_marks' is not a list of whole numbers", "text" },
        { "byte 2: the file asks for os.system, which is no part of lists of names; nothing was executed", "system" },
        { "byte 3: the file asks for numpy.load", "numpy.load" },
        { "_reconstruct is called with 3 arguments in a way that NumPy does not", "another type" },
        { "attributes for something that has none", "too short" },
        { "more bytes than the 16777216 that a pickle can hold", "encoded often" },
        { "partitions.pkl holds no dictionary", "a list" },
        { "is truncated or damaged", "cut" },
        { "it names an object outside of the file", "persistent" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Refuses_what_cannot_be_used(string message, string what)
    {
        const string One = "00000002_0001_00000000.jpg";
        var good = UploadFiles.AlignedPartitions().Files[File];
        var array = (PickleBytes p) => p.Global("numpy.core.multiarray", "_reconstruct").Add("(").Global("numpy", "ndarray").Tuple(0).Text("b").Add("tR");
        var pickle = what switch
        {
            "marks" => Pickle(p => p.Add("]").Text(One).Add("as").Text("test_im_names").Add("]").Text(One).Add("a")),
            "file" => Pickle(p => p.Add("]").Text("00000099_0001_00000000.jpg").Add("a")),
            "name" => Pickle(p => p.Add("]").Text("../../etc/passwd").Add("a")),
            "number" => Pickle(p => p.Number(7)),
            "text" => Pickle(p => p.Add("]").Text(One).Add("as").Text("test_im_names").Add("]").Text(One).Add("as").Text("test_marks").Add("]").Text(One).Add("a")),
            "system" => new PickleBytes().Global("os", "system").Text("id").Add(0x85).Add("R").Done(),
            "numpy.load" => new PickleBytes().Add("}").Global("numpy", "load").Done(),
            "another type" => Pickle(p => p.Global("numpy.core.multiarray", "_reconstruct").Add("(").Global("numpy", "dtype").Tuple(0).Text("b").Add("tR")),
            "too short" => Pickle(p => array(p).Add("(").Number(1).Tuple(1L << 19).Global("numpy", "dtype").Text("S24").Add(0x85).Add("R").Add(0x89).Old("short").Add("tb")),
            "encoded often" => Pickle(p => Enumerable.Range(0, 20).Aggregate(p.Add("]").Text(new string('x', 1 << 20)).Add("q\u0001a"), (q, _) => q.Global("_codecs", "encode").Add("h\u0001").Text("latin1").Add(0x86).Add("Ra"))),
            "a list" => new PickleBytes().Add("]").Done(),
            "persistent" => Pickle(p => p.Text("x").Add("Q")),
            _ => good[..^40],
        };

        Assert.Contains(message, UploadFiles.AlignedPartitions().With(File, pickle).Refusal("aligned-partitions"), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_when_labels_are_no_ranks()
    {
        var manifest = UploadFiles.AlignedPartitions().With(File, Pickle(p => p.Add("]").Text("00000002_0001_00000000.jpg").Add("as").Text("trainval_ids2labels").Add("}").Number(2).Number(5).Add("s"))).Ingest();

        Assert.Equal(["trainval_ids2labels"], manifest.Diagnosis.Findings.Single(finding => finding.Code == "labels-differ").Examples);
    }

    /// <summary>{'trainval_im_names': …}.</summary>
    private static byte[] Pickle(Func<PickleBytes, PickleBytes> names) => names(new PickleBytes().Add("}").Text("trainval_im_names")).Add("s").Done();

    private static UploadFiles Cuhk03(string kind)
    {
        var upload = new UploadFiles().With("cuhk03/partitions.pkl", UploadFiles.AlignedPartitions("cuhk03").Files[File]);
        foreach (var identity in new[] { 0, 1, 2 })
        {
            foreach (var camera in new[] { 0, 1 })
            {
                upload.With($"cuhk03/{kind}/images/{identity:D8}_{camera:D4}_00000000.jpg", UploadFiles.Bmp(40, 90, (identity * 10) + camera));
            }
        }

        return upload;
    }
}
