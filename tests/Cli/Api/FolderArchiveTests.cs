using System.IO.Compression;
using ReidCloud.Cli.Api;

namespace ReidCloud.Tests.Cli.Api;

public sealed class FolderArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reid with space ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Holds_every_file_by_its_relative_name_as_it_is()
    {
        Write("bbox_train/0001/a b.jpg", 3_000_000);
        Write("info/names.txt", 5);
        Write(".git/config", 1);
        Write("info/.DS_Store", 1);
        var archive = Archive();
        using var bytes = new MemoryStream();

        await archive.ReadAsync(stream => stream.CopyToAsync(bytes), CancellationToken.None);

        using var zip = new ZipArchive(bytes);
        Assert.Equal(["bbox_train/0001/a b.jpg", "info/names.txt"], zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        Assert.Equal(3_000_005, archive.Length);
        using var entry = new MemoryStream();
        await using (var stream = zip.Entries[0].Open())
        {
            await stream.CopyToAsync(entry);
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "bbox_train/0001/a b.jpg")), entry.ToArray());
    }

    [Fact]
    public async Task Fails_when_a_file_vanishes_meanwhile()
    {
        Write("a.jpg", 1);
        var archive = Archive();
        File.Delete(Path.Combine(_folder, "a.jpg"));

        await Assert.ThrowsAsync<FileNotFoundException>(() => archive.ReadAsync(stream => stream.CopyToAsync(Stream.Null), CancellationToken.None));
    }

    [Fact]
    public async Task Does_not_hang_when_the_reader_gives_up()
    {
        Write("large.jpg", 5_000_000);

        await Assert.ThrowsAsync<IOException>(() => Archive().ReadAsync(_ => throw new IOException("full"), CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private FolderArchive Archive() => FolderArchive.Of("folder.zip", FolderFile.In(_folder));

    private void Write(string name, int length)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
    }
}
