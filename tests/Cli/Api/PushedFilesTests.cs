using System.Formats.Tar;
using System.IO.Compression;
using ReidCloud.Cli;
using ReidCloud.Cli.Api;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Cli.Api;

public sealed class PushedFilesTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("reid push ").FullName, "cvwc2019");

    public PushedFilesTests() => Directory.CreateDirectory(_folder);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    /// <summary>ATRW as its authors publish it: four archives in two folders, and the truth that came later.</summary>
    [Fact]
    public async Task The_authors_archives_in_a_folder_are_a_data_set()
    {
        var atrw = UploadFiles.Atrw().Files;
        Tar("train/atrw_reid_train.tar.gz", atrw.Where(file => file.Key.StartsWith("train/", StringComparison.Ordinal)));
        Tar("train/atrw_anno_reid_train.tgz", atrw.Where(file => file.Key == "reid_list_train.csv"));
        Tar("test/atrw_reid_test.tar", atrw.Where(file => file.Key.StartsWith("test/", StringComparison.Ordinal)));
        Zip("test/atrw_anno_reid_test.zip", atrw.Where(file => file.Key == "reid_list_test.csv"));
        Write("evaluation/gt_test_plain.json", atrw["gt_test_plain.json"]);
        Write(".git/HEAD", [1]);

        var pushed = PushedFiles.Of(_folder);
        var upload = new UploadFiles();
        foreach (var file in pushed)
        {
            using var content = new MemoryStream();
            await file.ReadAsync(stream => stream.CopyToAsync(content), TestContext.Current.CancellationToken);
            upload.Blob(file.Name, content.ToArray());
        }

        Assert.Equal(
            ["test/atrw_anno_reid_test.zip", "test/atrw_reid_test.zip", "train/atrw_anno_reid_train.zip", "train/atrw_reid_train.zip", "cvwc2019.zip"],
            pushed.Select(file => file.Name));
        var manifest = upload.Ingest();
        Assert.Equal(("atrw", UploadFiles.Atrw().Pack("atrw.zip").Ingest().Hash), (manifest.Layout, manifest.Hash));
    }

    [Fact]
    public void One_archive_or_a_folder_of_files_is_one_upload()
    {
        Write("bbox_train/0001/a.jpg", [1, 2]);
        Assert.Equal([("cvwc2019.zip", 2L)], PushedFiles.Of(_folder + "/").Select(file => (file.Name, file.Length)));
        Assert.Equal(1, Assert.IsType<FolderArchive>(PushedFiles.Of(_folder)[0]).Files);

        Zip("cvwc2019.zip", []);
        Assert.Equal(["cvwc2019.zip", "cvwc2019-files.zip"], PushedFiles.Of(_folder).Select(file => file.Name));
        Assert.IsType<PlainFile>(Assert.Single(PushedFiles.Of(Path.Combine(_folder, "cvwc2019.zip"))));

        Tar("MARS.tar.GZ", []);
        Assert.Equal("MARS.zip", Assert.IsType<TarArchive>(Assert.Single(PushedFiles.Of(Path.Combine(_folder, "MARS.tar.GZ")))).Name);
    }

    [Fact]
    public void Says_what_cannot_be_pushed_and_what_to_do()
    {
        Assert.Contains("holds no file", Refusal(_folder).Message, StringComparison.Ordinal);
        Assert.Contains("there is no file or folder", Refusal(Path.Combine(_folder, "x.zip")).Message, StringComparison.Ordinal);

        Write("VeRi.rar", [1]);
        Assert.Contains("is no .zip, .tar, .tar.gz or .tgz", Refusal(Path.Combine(_folder, "VeRi.rar")).Message, StringComparison.Ordinal);
        Assert.Contains("unpack it", Refusal(_folder).Remedy, StringComparison.Ordinal);

        File.Delete(Path.Combine(_folder, "VeRi.rar"));
        Zip("MARS.zip", []);
        Tar("MARS.tar.gz", []);
        Assert.Contains("would be called 'MARS.zip'", Refusal(_folder).Message, StringComparison.Ordinal);

        File.Delete(Path.Combine(_folder, "MARS.zip"));
        Write("MARS/bbox_train/0001/a.jpg", [1]);
        Assert.Contains("looks like its content unpacked", Refusal(_folder).Message, StringComparison.Ordinal);
    }

    private static CommandException Refusal(string path) => Assert.Throws<CommandException>(() => PushedFiles.Of(path));

    private void Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private void Zip(string name, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                using var entry = zip.CreateEntry(path).Open();
                entry.Write(content);
            }
        }

        Write(name, bytes.ToArray());
    }

    private void Tar(string name, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        using var bytes = new MemoryStream();
        using (var content = name.EndsWith(".tar", StringComparison.Ordinal) ? null : new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(content ?? (Stream)bytes, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var (path, file) in files)
            {
                tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(file) });
            }
        }

        Write(name, bytes.ToArray());
    }
}
