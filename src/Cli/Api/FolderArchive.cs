using System.IO.Compression;
using System.IO.Pipelines;

namespace ReidCloud.Cli.Api;

/// <summary>
/// A folder as one .zip, made while it is being read: nothing is written to disk. Entries are stored, because images do not compress, and in
/// order of their names, so the same folder is the same archive. Names that begin with a dot are left out.
/// </summary>
internal sealed class FolderArchive
{
    private readonly string _folder;
    private readonly IReadOnlyList<(string Path, string Entry)> _files;

    private FolderArchive(string folder, IReadOnlyList<(string Path, string Entry)> files, long length)
    {
        _folder = folder;
        _files = files;
        Length = length;
    }

    /// <summary>Bytes of the files; the archive has a little more.</summary>
    public long Length { get; }

    public int Files => _files.Count;

    public static FolderArchive Of(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Entry: Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')))
            .Where(file => !file.Entry.Split('/').Any(part => part.StartsWith('.')))
            .OrderBy(file => file.Entry, StringComparer.Ordinal)
            .ToList();
        return files.Count > 0
            ? new FolderArchive(folder, files, files.Sum(file => new FileInfo(file.Path).Length))
            : throw CommandException.Mistake($"the folder '{folder}' holds no file");
    }

    /// <summary>Calls <paramref name="read"/> with a stream that delivers the archive while it is made.</summary>
    public async Task ReadAsync(Func<Stream, Task> read, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(pipe.Writer, stop.Token);
        try
        {
            await using var stream = pipe.Reader.AsStream();
            await read(stream);
        }
        finally
        {
            await stop.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A failure here reaches the reader as the exception of its next read.</summary>
    private async Task WriteAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await using var stream = writer.AsStream(leaveOpen: true);
            await using var archive = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            foreach (var (path, name) in _files)
            {
                await using var file = File.OpenRead(path);
                await using var entry = await archive.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync(cancellationToken);
                await file.CopyToAsync(entry, cancellationToken);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            await writer.CompleteAsync(failure);
        }
    }

    public override string ToString() => _folder;
}
