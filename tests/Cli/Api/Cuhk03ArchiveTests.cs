using ReidCloud.Cli;
using ReidCloud.Cli.Api;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Tests.Shared.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Cli.Api;

public sealed class Cuhk03ArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reid cuhk ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_authors_file_is_pushed_as_images_and_the_classic_splits()
    {
        var file = Assert.IsType<Cuhk03Archive>(Assert.Single(PushedFiles.Of(Hdf5FileTests.Fixture("cuhk-03.mat"))));
        var upload = await UploadAsync([file]);

        var manifest = upload.Ingest(variant: "classic-labeled-1");

        Assert.Equal(("cuhk-03.zip", "cuhk03"), (file.Name, manifest.Layout));
        Assert.Equal(["0002", "0003", "1284", "1361", "1419"], manifest.TrainingIdentities.Select(identity => manifest.Identities[identity]));
        Assert.Equal(["0001", "0844"], manifest.Of(Split.Query).Select(query => manifest.Identities[query.Identity]).Distinct());
        Assert.Contains("there is all for classic-detected-1", upload.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_pixel_is_changed()
    {
        var upload = await UploadAsync(PushedFiles.Of(Hdf5FileTests.Fixture("cuhk-03.mat")));
        using var stream = File.OpenRead(Hdf5FileTests.Fixture("cuhk-03.mat"));
        var crops = Cuhk03MatFile.Open(stream, "cuhk-03.mat").Crops().ToDictionary(crop => $"cuhk03/{crop.Kind}/{crop.Name}");
        var index = ArchiveIndex.Read(new MemoryStream(upload.Content("cuhk-03.zip")), "cuhk-03.zip");

        Assert.Equal(crops.Count + 1, index.Entries.Count);
        Assert.All(index.Entries.Where(entry => entry.Name.EndsWith(".png", StringComparison.Ordinal)), entry =>
        {
            var image = ImageDecoder.Decode(index.Open(entry), entry.Name);
            Assert.Equal((crops[entry.Name].Width, crops[entry.Name].Height), (image.Width, image.Height));
            Assert.Equal(crops[entry.Name].Pixels, image.Pixels);
        });
    }

    /// <summary>The authors' file and beside it the new protocol's two.</summary>
    [Fact]
    public async Task In_a_folder_it_is_pushed_beside_the_other_files()
    {
        File.Copy(Hdf5FileTests.Fixture("cuhk-03.mat"), Path.Combine(_folder, "cuhk-03.mat"));
        var names = new[] { "1_001_1_01.png", "1_001_2_06.png", "1_002_1_01.png", "1_002_2_06.png" };
        MatMatrix Column(string name, params double[] values) => new(name, values.Length, 1, values);
        File.WriteAllBytes(Path.Combine(_folder, "cuhk03_new_protocol_config_detected.mat"), MatFileWriter.Write(
            "filelist", names, Column("labels", 1, 1, 2, 2), Column("camId", 1, 2, 1, 2), Column("train_idx", 1, 2), Column("query_idx", 3), Column("gallery_idx", 4)));

        var pushed = PushedFiles.Of(_folder);
        var manifest = (await UploadAsync(pushed)).Ingest();

        Assert.Equal(["cuhk-03.zip", Path.GetFileName(_folder) + ".zip"], pushed.Select(file => file.Name));
        Assert.Equal(("cuhk03", "detected", 2, 1, 1), (manifest.Layout, manifest.Variant, manifest.Diagnosis.Train.Frames, manifest.Diagnosis.Query.Frames, manifest.Diagnosis.Gallery.Frames));
    }

    [Fact]
    public void Another_file_of_that_version_is_refused_before_anything_is_sent()
    {
        var path = Path.Combine(_folder, "other.mat");
        File.Copy(Hdf5FileTests.Fixture("arrays-earliest.h5"), path);

        var refusal = Assert.Throws<CommandException>(() => PushedFiles.Of(path));

        Assert.Contains("lacks the variable 'detected'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("save others by save(…, '-v7')", refusal.Remedy, StringComparison.Ordinal);
        Assert.Throws<CommandException>(() => PushedFiles.Of(_folder));
    }

    [Fact]
    public void The_authors_archive_must_be_unpacked_first()
    {
        var path = Path.Combine(_folder, "cuhk03_release.zip");
        File.WriteAllBytes(path, new UploadFiles().With("cuhk03_release/cuhk-03.mat", [1]).Pack("a.zip").Content("a.zip"));

        Assert.Contains("unpack it, and push the file or its folder", Assert.Throws<CommandException>(() => PushedFiles.Of(path)).Remedy, StringComparison.Ordinal);
        File.WriteAllBytes(path, UploadFiles.Cuhk03().Pack("a.zip").Content("a.zip"));
        Assert.IsType<PlainFile>(Assert.Single(PushedFiles.Of(path)));
        File.WriteAllBytes(path, [1, 2, 3]);
        Assert.Single(PushedFiles.Of(path));
    }

    /// <summary>Whoever uploads it past the command line hears what to do.</summary>
    [Fact]
    public void Uploaded_as_it_is_it_is_refused_with_the_remedy()
    {
        var upload = UploadFiles.Cuhk03().With("cuhk-03.mat", File.ReadAllBytes(Hdf5FileTests.Fixture("cuhk-03.mat")));

        var refusal = upload.Refusal();

        Assert.Contains("matlab-7.3: MATLAB files of version 7.3 are not read here: `reid dataset push cuhk-03.mat` makes images of CUHK03's on the way", refusal, StringComparison.Ordinal);
        Assert.EndsWith("\ncuhk-03.mat", refusal, StringComparison.Ordinal);
    }

    private static async Task<UploadFiles> UploadAsync(IEnumerable<PushedFile> files)
    {
        var upload = new UploadFiles();
        foreach (var file in files)
        {
            using var content = new MemoryStream();
            await file.ReadAsync(stream => stream.CopyToAsync(content), TestContext.Current.CancellationToken);
            upload.Blob(file.Name, content.ToArray());
        }

        return upload;
    }
}
