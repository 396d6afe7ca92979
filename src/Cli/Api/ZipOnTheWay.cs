using System.IO.Compression;
using System.IO.Pipelines;

namespace ReidCloud.Cli.Api;

/// <summary>A .zip that is read while it is made: nothing is written to disk, and about a megabyte is in memory.</summary>
internal static class ZipOnTheWay
{
    /// <summary>Calls <paramref name="read"/> with a stream that delivers what <paramref name="write"/> puts into the archive.</summary>
    public static async Task ReadAsync(Func<ZipArchive, CancellationToken, Task> write, Func<Stream, Task> read, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(pipe.Writer, write, stop.Token);
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

    /// <summary>Stored, because images do not compress.</summary>
    public static async Task AddAsync(this ZipArchive archive, string name, Stream content, CancellationToken cancellationToken)
    {
        await using var entry = await archive.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync(cancellationToken);
        await content.CopyToAsync(entry, cancellationToken);
    }

    /// <summary>A failure here reaches the reader as the exception of its next read.</summary>
    private static async Task WriteAsync(PipeWriter writer, Func<ZipArchive, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await using var stream = writer.AsStream(leaveOpen: true);
            await using var archive = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            await write(archive, cancellationToken);
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
}
