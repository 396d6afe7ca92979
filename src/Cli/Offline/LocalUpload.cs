using Microsoft.Win32.SafeHandles;
using ReidCloud.Cli.Api;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Offline;

/// <summary>A data set's files on this machine, a .zip or a folder of files and of .zip archives, read as a commit reads what was uploaded.</summary>
internal sealed class LocalUpload : IDisposable
{
    private const string Zip = ".zip";
    private readonly string[] _paths;
    private readonly Lazy<SafeFileHandle>[] _archives;

    private LocalUpload(IReadOnlyList<FolderFile> files, DatasetManifest manifest)
    {
        Manifest = manifest;
        var paths = files.ToDictionary(file => file.Name, file => file.Path, StringComparer.Ordinal);
        _paths = [.. manifest.Blobs.Select(blob => paths[blob.Name])];
        _archives = [.. _paths.Select(path => new Lazy<SafeFileHandle>(() => File.OpenHandle(path, options: FileOptions.RandomAccess)))];
    }

    public DatasetManifest Manifest { get; }

    /// <exception cref="CommandException">There is no such file or folder.</exception>
    /// <exception cref="DatasetException">It is no data set of that layout; everything found is in it.</exception>
    public static LocalUpload Open(string path, string layout, IProgress<IngestProgress>? progress, CancellationToken cancellation)
    {
        var files = Directory.Exists(path) ? FolderFile.In(path)
            : File.Exists(path) && path.EndsWith(Zip, StringComparison.OrdinalIgnoreCase) ? [new FolderFile(path, Path.GetFileName(path))]
            : throw CommandException.Mistake($"there is neither a folder nor a .zip '{path}'", "name the data set's folder, or its archive as .zip");
        var paths = files.ToDictionary(file => file.Name, file => file.Path, StringComparer.Ordinal);
        DatasetBlob[] blobs = [.. files.Select(file => new DatasetBlob(file.Name, new FileInfo(file.Path).Length, ""))];
        return new LocalUpload(files, DatasetIngest.Run("local", blobs, blob => File.OpenRead(paths[blob.Name]), layout, progress, cancellation));
    }

    /// <summary>A frame's bytes. For any number of threads.</summary>
    /// <exception cref="ArchiveException">They are not there any more.</exception>
    public byte[] Read(FrameSource frame)
    {
        if (frame.Encoding != FrameEncoding.Loose)
        {
            return FrameBytes.Read(_archives[frame.Blob].Value, frame);
        }

        using var file = File.OpenHandle(_paths[frame.Blob]);
        return FrameBytes.Read(file, frame);
    }

    public void Dispose()
    {
        foreach (var archive in _archives.Where(archive => archive.IsValueCreated))
        {
            archive.Value.Dispose();
        }
    }
}
