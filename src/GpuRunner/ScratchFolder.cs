namespace ReidCloud.GpuRunner;

/// <summary>
/// Where an attempt keeps what it needs on this machine; it goes with the attempt. What a killed runner left is swept by the next one that starts: a file beside
/// the folder is locked as long as its process lives, in another container too.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string LockExtension = ".lock";

    private readonly FileStream _lock;

    private ScratchFolder(FileStream owned, string path) => (_lock, Path) = (owned, path);

    public string Path { get; }

    /// <summary>The lock comes first, so that no folder is ever seen without.</summary>
    public static ScratchFolder Create(string parent, string name)
    {
        Directory.CreateDirectory(parent);
        var path = System.IO.Path.Combine(parent, name);
        var owned = Take(path) ?? throw new IOException($"'{path}' is another process's");
        Directory.CreateDirectory(path);
        return new ScratchFolder(owned, path);
    }

    /// <summary>Removes the folders whose process is gone. Returns how many.</summary>
    public static int Sweep(string parent)
    {
        var swept = 0;
        foreach (var path in Directory.Exists(parent) ? Directory.GetDirectories(parent) : [])
        {
            using var owned = Take(path);
            if (owned is not null && Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
                swept++;
            }
        }

        return swept;
    }

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        _lock.Dispose();
    }

    /// <summary>Null: a living process has it.</summary>
    private static FileStream? Take(string path)
    {
        try
        {
            return new FileStream(path + LockExtension, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException) when (File.Exists(path + LockExtension))
        {
            return null;
        }
    }
}
