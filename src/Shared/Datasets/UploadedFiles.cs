using System.Buffers.Binary;
using System.Runtime.ExceptionServices;

namespace ReidCloud.Datasets;

/// <summary>
/// The blobs of an upload opened for ingest: their files as one listing, and their bytes, archives read front to back in big pieces and loose files side by
/// side, because behind each stream there may be a network.
/// </summary>
internal sealed class UploadedFiles
{
    private const int LooseAtOnce = 8;

    /// <summary>Longer loose files come one at a time, so that few of them are in memory.</summary>
    private const int SmallFile = 8 << 20;

    /// <summary>Frames of an array, some four megabytes.</summary>
    private const int PixelsAtOnce = 32;

    private static readonly string[] NotRead = [".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".zst", ".7z", ".rar"];

    private readonly IReadOnlyList<DatasetBlob> _blobs;
    private readonly Func<DatasetBlob, Stream> _open;

    private UploadedFiles(IReadOnlyList<DatasetBlob> blobs, Func<DatasetBlob, Stream> open, CancellationToken cancellation)
    {
        (_blobs, _open) = (blobs, open);
        Listing = new FileListing(List(cancellation), Read, ReadHead);
    }

    public FileListing Listing { get; }

    /// <exception cref="DatasetException">An archive cannot be read, or names clash.</exception>
    public static UploadedFiles Open(IReadOnlyList<DatasetBlob> blobs, Func<DatasetBlob, Stream> open, CancellationToken cancellation) =>
        new(blobs, open, cancellation);

    /// <summary>
    /// Bytes of each file, or why they cannot be had. Files of archives come in the archive's order, one after the other; loose ones after them, several
    /// at once on different threads.
    /// </summary>
    public void ReadAll(IReadOnlyCollection<FrameSource> files, Action<FrameSource, byte[]?, ArchiveException?> receive, CancellationToken cancellation)
    {
        foreach (var archive in files.Where(file => file.IsInArchive).GroupBy(file => file.Blob))
        {
            using var stream = _open(_blobs[archive.Key]);
            new ArchiveReading(stream, [.. archive.OrderBy(file => file.Offset)], receive).Run(cancellation);
        }

        foreach (var array in files.Where(file => file.Encoding == FrameEncoding.Pixels).GroupBy(file => file.Blob))
        {
            using var stream = _open(_blobs[array.Key]);
            foreach (var run in Runs([.. array.OrderBy(file => file.Offset)]))
            {
                cancellation.ThrowIfCancellationRequested();
                ReadPixels(stream, run, receive);
            }
        }

        try
        {
            Parallel.ForEach(
                files.Where(file => file is { Encoding: FrameEncoding.Loose, Length: <= SmallFile }),
                new ParallelOptions { MaxDegreeOfParallelism = LooseAtOnce, CancellationToken = cancellation },
                file => Try(file, () => ReadLoose(file), receive));
        }
        catch (AggregateException exception)
        {
            // The store's own exception, as reading an archive gives it.
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }

        foreach (var file in files.Where(file => file is { Encoding: FrameEncoding.Loose, Length: > SmallFile }))
        {
            cancellation.ThrowIfCancellationRequested();
            Try(file, () => ReadLoose(file), receive);
        }
    }

    /// <summary>Frames that lie one behind the other, in pieces of a few megabytes.</summary>
    private static IEnumerable<FrameSource[]> Runs(FrameSource[] frames)
    {
        for (int from = 0, to = 1; from < frames.Length; from = to++)
        {
            while (to < frames.Length && to - from < PixelsAtOnce && frames[to].Offset == frames[to - 1].Offset + frames[to - 1].Length)
            {
                to++;
            }

            yield return frames[from..to];
        }
    }

    private static void ReadPixels(Stream stream, FrameSource[] run, Action<FrameSource, byte[]?, ArchiveException?> receive)
    {
        stream.Position = run[0].Offset;
        var bytes = new byte[run.Sum(frame => frame.Length)];
        var got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        foreach (var frame in run)
        {
            var at = (int)(frame.Offset - run[0].Offset);
            Try(frame, () => at + frame.Length <= got ? bytes.AsSpan(at, (int)frame.Length).ToArray() : throw CutOff(frame), receive);
        }
    }

    private static void Try(FrameSource file, Func<byte[]> read, Action<FrameSource, byte[]?, ArchiveException?> receive)
    {
        byte[] bytes;
        try
        {
            bytes = read();
        }
        catch (ArchiveException exception)
        {
            receive(file, null, exception);
            return;
        }

        receive(file, bytes, null);
    }

    private byte[] Read(FrameSource file)
    {
        if (file.Encoding == FrameEncoding.Loose)
        {
            return ReadLoose(file);
        }

        using var archive = _open(_blobs[file.Blob]);
        return ArchiveIndex.Open(archive, file);
    }

    /// <summary>As it is: the checksum of a loose file is not known before it is read.</summary>
    private byte[] ReadLoose(FrameSource file)
    {
        using var stream = _open(_blobs[file.Blob]);
        var bytes = new byte[file.Length];
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            ? bytes
            : throw CutOff(file);
    }

    private static ArchiveException CutOff(FrameSource file) => new($"{file.Name} is cut off: it is shorter than its {file.Length} bytes. Upload it again.");

    /// <summary>Of a file that is not packed, its first bytes and where in its blob they begin.</summary>
    private (byte[] Bytes, long Start) ReadHead(FrameSource file, int most)
    {
        using var stream = _open(_blobs[file.Blob]);
        var start = file.Offset;
        if (file.IsInArchive)
        {
            Span<byte> header = stackalloc byte[LocalHeader.Length];
            stream.Position = start;
            start += stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
                ? LocalHeader.DataOffset(header, file.Name)
                : throw CutOff(file);
        }

        stream.Position = start;
        var head = new byte[Math.Min(most, file.Length)];
        return start <= stream.Length - file.CompressedLength && stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length ? (head, start) : throw CutOff(file);
    }

    private List<FrameSource> List(CancellationToken cancellation)
    {
        var files = new List<FrameSource>();
        var faults = new FindingList();
        var letters = 0L;
        foreach (var (place, blob) in _blobs.Index())
        {
            var before = files.Count;
            if (FileListing.FaultOfName(blob.Name) is { } fault)
            {
                faults.Add(FindingSeverity.Error, "bad-name", "uploaded files have names that are not relative paths: name them again", $"'{blob.Name}' {fault}");
            }
            else if (blob.Name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) || (IsArchive(blob.Name) && BeginsAsZip(blob)))
            {
                Index(place, blob, files, faults, cancellation);
            }
            else if (IsArchive(blob.Name))
            {
                faults.Add(
                    FindingSeverity.Error, "not-a-zip",
                    "archives other than .zip are not read: `reid dataset push` packs a .tar or .tar.gz anew on the way; unpack others, and push the folder", blob.Name);
            }
            else if (blob.Name.EndsWith(".mat", StringComparison.OrdinalIgnoreCase) && Hdf5File.Begins(Head(blob, Hdf5File.LongestHead)))
            {
                faults.Add(
                    FindingSeverity.Error, "matlab-7.3",
                    "MATLAB files of version 7.3 are not read here: `reid dataset push cuhk-03.mat` makes images of CUHK03's on the way; save tables by save(…, '-v7')", blob.Name);
            }
            else if (blob.Length > ArchiveLimits.Default.LongestOf(blob.Name))
            {
                faults.Add(
                    FindingSeverity.Error, "file-too-large", $"uploaded files have more than {ArchiveLimits.Default.EntryLength} bytes: leave them out", blob.Name);
            }
            else
            {
                files.Add(new FrameSource(blob.Name, place, 0, blob.Length, blob.Length, FrameEncoding.Loose, 0));
            }

            for (; before < files.Count; before++)
            {
                letters += files[before].Name.Length;
            }

            if (files.Count > IngestLimits.Files || letters > IngestLimits.NameLetters)
            {
                throw new DatasetException(new Finding(
                    FindingSeverity.Error, "too-many-files",
                    $"The upload holds more than {IngestLimits.Files} files, or more than {IngestLimits.NameLetters} letters of names. Split the data set.", 1, []));
            }
        }

        // In one archive each name is there once, or it was refused.
        var several = _blobs.Count > 1 ? files.CountBy(file => file.Name, StringComparer.Ordinal).Where(count => count.Value > 1) : [];
        foreach (var name in several)
        {
            faults.Add(
                FindingSeverity.Error, "name-clash", "several uploads hold files of the same name: upload each once, or in folders of their own", name.Key);
        }

        return faults.HasErrors ? throw new DatasetException(faults.ToList()) : files;
    }

    private static bool IsArchive(string name) => NotRead.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    /// <summary>Names lie.</summary>
    private bool BeginsAsZip(DatasetBlob blob) =>
        Head(blob, sizeof(uint)) is { Length: sizeof(uint) } first && BinaryPrimitives.ReadUInt32LittleEndian(first) == LocalHeader.Signature;

    private byte[] Head(DatasetBlob blob, int most)
    {
        using var stream = _open(blob);
        var head = new byte[most];
        return head[..stream.ReadAtLeast(head, most, throwOnEndOfStream: false)];
    }

    private void Index(int place, DatasetBlob blob, List<FrameSource> files, FindingList faults, CancellationToken cancellation)
    {
        using var stream = _open(blob);
        try
        {
            var index = ArchiveIndex.Read(stream, blob.Name, cancellation: cancellation);
            files.EnsureCapacity(files.Count + index.Entries.Count);
            foreach (var entry in index.Entries)
            {
                files.Add(entry.In(place));
            }
        }
        catch (ArchiveException exception)
        {
            faults.Add(FindingSeverity.Error, "bad-archive", "archives cannot be read", exception.Message);
        }
    }
}
