using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Datasets;

namespace ReidCloud.Runs;

/// <summary>
/// One version of a blob on its way into a local file: pieces in parallel into `file.part`, with a journal of those that are there beside it. A call that
/// was interrupted is gone on with; the file appears only when it is whole.
/// </summary>
internal sealed class BlobDownload(BlobClient blob, DatasetBlob version, string file)
{
    private const int PieceLength = 8 << 20;
    private const int ParallelPieces = 4;

    private readonly string _part = $"{file}.part";
    private readonly string _journal = $"{file}.part.journal";
    private readonly Lock _writing = new();

    /// <exception cref="InvalidDataException">The blob is no longer of that version.</exception>
    public async Task RunAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var done = Resume();
        long arrived = done.Sum(Length);
        progress?.Report(arrived);
        using (var part = File.OpenHandle(_part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous))
        await using (var journal = new StreamWriter(_journal, append: true))
        {
            RandomAccess.SetLength(part, version.Length);
            var pieces = (version.Length + PieceLength - 1) / PieceLength;
            await Parallel.ForEachAsync(
                Enumerable.Range(0, checked((int)pieces)).Where(piece => !done.Contains(piece)),
                new ParallelOptions { MaxDegreeOfParallelism = ParallelPieces, CancellationToken = cancellationToken },
                async (piece, token) =>
                {
                    var bytes = await FetchAsync(piece, token).ConfigureAwait(false);
                    await RandomAccess.WriteAsync(part, bytes, (long)piece * PieceLength, token).ConfigureAwait(false);
                    lock (_writing)
                    {
                        journal.Write(string.Create(CultureInfo.InvariantCulture, $"{piece};\n"));
                        journal.Flush();
                        progress?.Report(arrived += bytes.Length);
                    }
                }).ConfigureAwait(false);
        }

        File.Move(_part, file, overwrite: true);
        File.Delete(_journal);
    }

    private int Length(int piece) => (int)Math.Min(PieceLength, version.Length - ((long)piece * PieceLength));

    private async Task<ReadOnlyMemory<byte>> FetchAsync(int piece, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange((long)piece * PieceLength, Length(piece)),
            Conditions = new BlobRequestConditions { IfMatch = new ETag(version.ETag) },
        };
        try
        {
            var content = (await blob.DownloadContentAsync(options, cancellationToken).ConfigureAwait(false)).Value.Content.ToMemory();
            return content.Length == Length(piece)
                ? content
                : throw new InvalidDataException($"'{blob.Name}' gave {content.Length} bytes where {Length(piece)} were asked for");
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412 or 416)
        {
            throw new InvalidDataException(
                $"'{blob.Name}' is no longer the file that was committed; upload it again under another name", exception);
        }
    }

    /// <summary>The pieces that an earlier call of the same version left. Those of another version are thrown away.</summary>
    private HashSet<int> Resume()
    {
        var heading = string.Create(CultureInfo.InvariantCulture, $"{version.ETag} {version.Length} {PieceLength}");
        if (File.Exists(_part) && File.Exists(_journal) && File.ReadAllLines(_journal) is [var first, .. var pieces] && first == heading)
        {
            // A line that was torn lacks its semicolon; its piece is fetched again.
            return [.. pieces.Where(line => line.EndsWith(';')).Select(line => int.Parse(line.AsSpan(0, line.Length - 1), CultureInfo.InvariantCulture))];
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.Delete(_part);
        File.WriteAllText(_journal, heading + "\n");
        return [];
    }
}
