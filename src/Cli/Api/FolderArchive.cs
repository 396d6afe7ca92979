namespace ReidCloud.Cli.Api;

/// <summary>
/// A folder's files as one .zip, made while it is being read: nothing is written to disk. Entries are stored, because images do not compress, and in
/// order of their names, so the same folder is the same archive.
/// </summary>
internal sealed class FolderArchive : PushedFile
{
    private readonly IReadOnlyList<FolderFile> _files;

    private FolderArchive(string name, IReadOnlyList<FolderFile> files)
        : base(name, files.Sum(file => new FileInfo(file.Path).Length)) => _files = files;

    public int Files => _files.Count;

    public static FolderArchive Of(string name, IReadOnlyList<FolderFile> files) => new(name, files);

    public override Task ReadAsync(Func<Stream, Task> read, CancellationToken cancellationToken) => ZipOnTheWay.ReadAsync(
        async (archive, stop) =>
        {
            foreach (var (path, name) in _files)
            {
                await using var file = File.OpenRead(path);
                await archive.AddAsync(name, file, stop);
            }
        },
        read,
        cancellationToken);
}

/// <summary>A file, and its name relative to the folder that is pushed, with '/'.</summary>
internal readonly record struct FolderFile(string Path, string Name)
{
    /// <summary>All files in and below a folder in ordinal order; names that begin with a dot are left out.</summary>
    public static IReadOnlyList<FolderFile> In(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => new FolderFile(path, System.IO.Path.GetRelativePath(folder, path).Replace(System.IO.Path.DirectorySeparatorChar, '/')))
            .Where(file => !file.Name.Split('/').Any(part => part.StartsWith('.')))
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];
}
