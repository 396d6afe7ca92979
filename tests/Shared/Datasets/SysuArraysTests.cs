using System.Buffers.Binary;
using System.IO.Compression;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;
using ReidCloud.Tests.Cli;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

/// <summary>The training of SYSU-MM01 in the arrays of its usual pre-processing, written by `reid dataset pack` and read by variant packed.</summary>
public sealed class SysuArraysTests : IDisposable
{
    private const string Images = "sysu/train_rgb_resized_img.npy";
    private const string Labels = "sysu/train_rgb_resized_label.npy";
    private const string InfraredLabels = "sysu/train_ir_resized_label.npy";
    private readonly string _folder = Directory.CreateTempSubdirectory("reid arrays ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_packed_is_trained_on_pixel_by_pixel()
    {
        var source = UploadFiles.SysuMm01();
        Save(source);
        var whole = UploadFiles.SysuMm01().Ingest();

        var packed = await CommandLine.RunAsync("dataset", "pack", _folder, "--output", Path.Combine(_folder, "sysu"));
        var first = Directory.GetFiles(Path.Combine(_folder, "sysu"), "*.npy").Order().Select(File.ReadAllBytes).ToList();
        var zip = Path.Combine(_folder, "set.zip");
        ZipFile.CreateFromDirectory(Path.Combine(_folder, "sysu"), zip, CompressionLevel.NoCompression, includeBaseDirectory: true);
        var again = await CommandLine.RunAsync("dataset", "pack", zip, "--output", _folder, "--json");

        Assert.Equal((0, 0), (packed.ExitCode, again.ExitCode));
        Assert.Contains("train_rgb_resized_img.npy: |u1 [30, 288, 144, 3]", packed.Output, StringComparison.Ordinal);
        Assert.Contains("train_ir_resized_label.npy: <i8 [10]", packed.Output, StringComparison.Ordinal);
        Assert.Equal(first, Directory.GetFiles(_folder, "*.npy").Order().Select(File.ReadAllBytes));
        Assert.Empty(Directory.GetFiles(_folder, "*.part", SearchOption.AllDirectories));
        foreach (var (upload, blob) in new[] { (Loose(), Images), (new UploadFiles().Blob("set.zip", await File.ReadAllBytesAsync(zip, TestContext.Current.CancellationToken)), "set.zip") })
        {
            var manifest = upload.Ingest(variant: "packed");
            Assert.Equal(new SplitCounts(3, 40, 40, 2, 0) { Modality = SplitModality.Both }, manifest.Diagnosis.Train);
            Assert.Equal((whole.Diagnosis.Query, whole.Diagnosis.Gallery), (manifest.Diagnosis.Query, manifest.Diagnosis.Gallery));
            Assert.Equal(["0001", "0004", "0006", "0010", "0334"], manifest.Identities);
            Assert.Equal(10, manifest.GalleryDraws.Count);
            Assert.Equal(Modality.Infrared, Assert.Single(manifest.Cameras, camera => camera.Name == "infrared").Modality);
            Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Code is "unused-files" or "tiny-images");
            foreach (var modality in Enum.GetValues<Modality>())
            {
                var (pixels, pictures) = (Trained(manifest, modality), Trained(whole, modality));
                Assert.Equal(pictures.Select(tracklet => whole.Identities[tracklet.Identity]), pixels.Select(tracklet => manifest.Identities[tracklet.Identity]));
                foreach (var (one, other) in pixels.Zip(pictures))
                {
                    var frame = manifest.Frames[one.FirstFrame];
                    Assert.Equal(blob == "set.zip" ? blob : frame.Name[..frame.Name.LastIndexOf('/')], manifest.Blobs[frame.Blob].Name);
                    var content = upload.Content(manifest.Blobs[frame.Blob].Name);
                    var file = FrameBytes.Read(content.AsSpan((int)frame.Offset), frame);
                    var picture = ImageDecoder.Decode(source.Files[whole.Frames[other.FirstFrame].Name], "a");
                    Assert.Equal(
                        PillowResize.Resize(picture.Pixels, picture.Width, picture.Height, 144, 288, ResizeFilter.Lanczos), ImageDecoder.Decode(file, "b").Pixels);
                }
            }
        }

        // Whoever changes a pixel after the commit is found out.
        var fault = Loose().Ingest(variant: "packed");
        var damaged = Loose().Content(Images).ToArray();
        damaged[200]++;
        var place = fault.Frames.Index().Single(frame => frame.Item.Name == Images + "/00000000");
        Assert.Contains("is damaged: its checksum", Assert.Throws<ArchiveException>(() => FrameBytes.Read(damaged.AsSpan((int)place.Item.Offset), place.Item)).Message, StringComparison.Ordinal);

        UploadFiles Loose()
        {
            var upload = UploadFiles.SysuMm01();
            foreach (var file in Directory.GetFiles(Path.Combine(_folder, "sysu"), "*.npy"))
            {
                upload.With("sysu/" + Path.GetFileName(file), File.ReadAllBytes(file));
            }

            return upload;
        }
    }

    [Fact]
    public void Only_the_variant_packed_reads_arrays()
    {
        Assert.Equal(UploadFiles.SysuMm01().Ingest().Hash, Packed().Ingest().Hash);
        Assert.DoesNotContain(Packed().Ingest().Diagnosis.Findings, finding => finding.Code == "unused-files");
        Assert.Contains("variant-lacks-files", UploadFiles.SysuMm01().Refusal(variant: "packed"), StringComparison.Ordinal);
        var tests = Packed();
        foreach (var name in tests.Files.Keys.Where(name => name.Contains("/0001/", StringComparison.Ordinal) || name.Contains("/0004/", StringComparison.Ordinal) || name.Contains("/0334/", StringComparison.Ordinal)).ToList())
        {
            tests.Without(name);
        }

        Assert.Contains("name the variant packed (--variant packed)", tests.Refusal(), StringComparison.Ordinal);
        Assert.Equal(6, tests.Ingest(variant: "packed").Diagnosis.Train.Frames);
    }

    public static TheoryData<string, byte[], string> Faults => new()
    {
        { Images, [], "it ends within its head" },
        { Images, "not an array"u8.ToArray(), "it does not begin as a .npy file does" },
        { Images, Array("|u1", [3, 288, 144, 3], (3 * ArrayFrame.Length) - 1), "says 3 images, but has 373247 bytes of them instead of 373248" },
        { Images, Array("|u1", [3, 288, 144, 3], (3 * ArrayFrame.Length) + 1), "it is cut off, or has a foreign tail" },
        { Images, Array("|u1", [2_000_000_000, 288, 144, 3], ArrayFrame.Length), "says 2000000000 images, but has 124416 bytes" },
        { Images, Array("|u1", [0, 288, 144, 3], 0), "holds '|u1' of [0, 288, 144, 3]; wanted are images as bytes of [n, 288, 144, 3]" },
        { Images, Array("|u1", [3, 144, 288, 3], 3 * ArrayFrame.Length), "holds '|u1' of [3, 144, 288, 3]" },
        { Images, Array("|u1", [3, 3, 288, 144], 3 * ArrayFrame.Length), "holds '|u1' of [3, 3, 288, 144]" },
        { Images, Array("<f4", [3, 288, 144, 3], 12 * ArrayFrame.Length), "holds '<f4' of" },
        { Images, Array("|u1", [2, 288, 144, 3], 2 * ArrayFrame.Length), "has 3 labels of the 2 images in sysu/train_rgb_resized_img.npy" },
        { Labels, Array("<f8", [3], 24), "wanted is a label of each image, numpy.int64" },
        { Labels, Array("<i8", [3, 1], 24), "wanted is a label of each image" },
        { Labels, Array("<i8", [3], 23), "and 23 bytes of them" },
        { Labels, LabelsOf(0, 1, 3), "from 0 to 3, and exp/train_id and val_id have 3 persons" },
        { Labels, LabelsOf(0, 1, -1), "from -1 to 2" },
        { Labels, LabelsOf(0, 1, long.MaxValue), "from -1 to 2" },
        { InfraredLabels, LabelsOf(0, 1, 1), "train_ir_resized_label.npy has labels of 2 persons" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Says_what_is_wrong_with_an_array(string file, byte[] content, string complaint) =>
        Assert.Contains(complaint, Packed().With(file, content).Refusal(variant: "packed"), StringComparison.Ordinal);

    [Fact]
    public void A_compressed_array_is_refused()
    {
        var upload = Packed().Pack("set.zip");

        Assert.Contains("is compressed in its archive, so that its parts cannot be read alone: store it (zip -0)", upload.Refusal(variant: "packed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_packed_leaves_nothing_behind()
    {
        var upload = UploadFiles.SysuMm01();
        foreach (var name in upload.Files.Keys.Where(name => name.StartsWith("sysu/cam3/0334", StringComparison.Ordinal)).ToList())
        {
            upload.Without(name);
        }

        Save(upload);
        var lacking = await CommandLine.RunAsync("dataset", "pack", _folder, "--output", _folder);
        File.WriteAllBytes(Path.Combine(_folder, "sysu/cam3/0001/0001.bmp"), UploadFiles.SysuMm01().Files["sysu/cam3/0001/0001.bmp"][..^9]);
        var damaged = await CommandLine.RunAsync("dataset", "pack", _folder, "--output", _folder);
        var nowhere = await CommandLine.RunAsync("dataset", "pack", Path.Combine(_folder, "none"), "--output", _folder);

        Assert.Contains("person 0334 has no infrared training image", lacking.Error, StringComparison.Ordinal);
        Assert.Contains("frames cannot be used", damaged.Error, StringComparison.Ordinal);
        Assert.Contains("there is neither a folder nor a .zip", nowhere.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "*.npy*"));
    }

    private static Tracklet[] Trained(DatasetManifest manifest, Modality modality) => [.. manifest.Of(Split.Train).Where(tracklet => manifest.Cameras[tracklet.Camera].Modality == modality)];

    private void Save(UploadFiles upload)
    {
        foreach (var (name, content) in upload.Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
            File.WriteAllBytes(Path.Combine(_folder, name), content);
        }
    }

    /// <summary>Three images of each modality, one of each person.</summary>
    internal static UploadFiles Packed() => UploadFiles.SysuMm01()
        .With(Images, Array("|u1", [3, 288, 144, 3], 3 * ArrayFrame.Length)).With(Labels, LabelsOf(0, 1, 2))
        .With("sysu/train_ir_resized_img.npy", Array("|u1", [3, 288, 144, 3], 3 * ArrayFrame.Length)).With(InfraredLabels, LabelsOf(2, 0, 1));

    private static byte[] Array(string type, long[] shape, int length) => [.. new NpyHead(type, shape).ToBytes(), .. new byte[length]];

    private static byte[] LabelsOf(params long[] labels)
    {
        var bytes = new byte[labels.Length * sizeof(long)];
        foreach (var (place, label) in labels.Index())
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(place * sizeof(long)), label);
        }

        return [.. new NpyHead("<i8", [labels.Length]).ToBytes(), .. bytes];
    }
}
