using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using ReidCloud.Datasets;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// A data set's blobs as local files, fetched when they are first needed and kept for the next run. A file's name hashes the blob's name and ETag,
/// so another version is another file. Of several threads and processes that want the same one, one fetches it.
/// </summary>
/// <param name="folder">Where the files are kept; made if missing.</param>
/// <param name="fetch">Copies the very version of a blob that the manifest names into a file, which appears only when it is whole.</param>
/// <param name="arriving">Is called when another process that fetches what is waited for has got further.</param>
/// <param name="stop">Gives up what is being fetched; the next who wants it goes on with it.</param>
internal sealed class ArchiveCache(
    DatasetManifest manifest, string folder, Func<DatasetBlob, string, CancellationToken, Task> fetch, Action? arriving = null, CancellationToken stop = default)
    : IDisposable
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<int, Lazy<SafeFileHandle>> _archives = new();

    /// <summary>A frame's bytes as they were uploaded, verified by length and checksum.</summary>
    /// <exception cref="ArchiveException">They are not what the manifest says.</exception>
    public byte[] Read(FrameSource frame)
    {
        if (frame.Encoding != FrameEncoding.Loose)
        {
            return FrameBytes.Read(Archive(frame.Blob), frame);
        }

        // Loose files are read once and there may be a million: no handle is kept.
        using var file = File.OpenHandle(Fetch(frame.Blob));
        return FrameBytes.Read(file, frame);
    }

    /// <summary>The name of a blob's local file, the same for all data sets that are made of it; beside it lies the lock of whoever fetches it.</summary>
    public static string NameOf(string dataset, DatasetBlob blob) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{blob.Dataset ?? dataset}\n{blob.Name}\n{blob.ETag}")))[..32];

    public void Dispose()
    {
        foreach (var archive in _archives.Values.Where(archive => archive.IsValueCreated))
        {
            archive.Value.Dispose();
        }
    }

    private SafeFileHandle Archive(int blob)
    {
        var opened = _archives.GetOrAdd(blob, _ => new Lazy<SafeFileHandle>(() => File.OpenHandle(Fetch(blob), options: FileOptions.RandomAccess)));
        try
        {
            return opened.Value;
        }
        catch
        {
            // A Lazy remembers its failure; the next one who asks tries again.
            _archives.TryRemove(KeyValuePair.Create(blob, opened));
            throw;
        }
    }

    /// <summary>The path of a blob's local file, fetched if it is not there or has not the blob's length.</summary>
    private string Fetch(int index)
    {
        var blob = manifest.Blobs[index];
        var path = Path.Combine(folder, NameOf(manifest.Name, blob));
        if (new FileInfo(path) is { Exists: true } there && there.Length == blob.Length)
        {
            return path;
        }

        Directory.CreateDirectory(folder);
        using var turn = WaitForTurn($"{path}.lock", stop, Arrives(path));
        if (!File.Exists(path) || new FileInfo(path).Length != blob.Length)
        {
            fetch(blob, path, stop).GetAwaiter().GetResult();
        }

        var length = new FileInfo(path).Length;
        return length == blob.Length
            ? path
            : throw new ArchiveException(
                $"data set '{manifest.Name}': '{blob.Name}' has {length} bytes where its manifest says {blob.Length}; commit the data set again");
    }

    /// <summary>Looks whether somebody writes what is to become that file, beside it; one who holds the lock and does nothing is no sign of life.</summary>
    private Action Arrives(string path)
    {
        var seen = DateTime.UnixEpoch;
        return () =>
        {
            var written = Directory.EnumerateFiles(folder, $"{Path.GetFileName(path)}.part*").Select(File.GetLastWriteTimeUtc).DefaultIfEmpty(seen).Max();
            if (written > seen)
            {
                seen = written;
                arriving?.Invoke();
            }
        };
    }

    /// <summary>Held by one process at a time, and let go by the system if that dies.</summary>
    /// <param name="meanwhile">Is called again and again while another has it.</param>
    public static FileStream WaitForTurn(string path, CancellationToken stop, Action? meanwhile = null)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                meanwhile?.Invoke();
                stop.WaitHandle.WaitOne(LookAgainAfter);
                stop.ThrowIfCancellationRequested();
            }
        }
    }
}
