using Microsoft.Win32.SafeHandles;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Offline;

/// <summary>
/// Images on this machine by name, in ordinal order: those of folders, of zips, which are not unpacked, and single files. Names begin below a folder or zip that
/// stands alone; of several each begins with the folder's or zip's own name.
/// </summary>
internal sealed class ImageFiles : IDisposable
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".bmp"];
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, MaxRecursionDepth = 32, IgnoreInaccessible = false };

    private readonly List<SafeFileHandle> _archives = [];

    /// <summary>Of each source its path; of one in a zip the zip's.</summary>
    private readonly List<string> _paths = [];

    private ImageFiles(IReadOnlyList<string> given)
    {
        var found = new List<FrameSource>();
        foreach (var path in given)
        {
            var prefix = given.Count == 1 ? "" : $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))}/";
            found.AddRange(Directory.Exists(path) ? OfFolder(path, prefix)
                : !File.Exists(path) ? throw CommandException.Mistake($"there is neither a file nor a folder '{path}'", "--images takes folders, .zip files and images")
                : path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? OfZip(path, prefix)
                : [OfFile(path, Path.GetFileName(path))]);
        }

        var listed = new FileListing(found, _ => throw new NotSupportedException()).Files;
        Sources = [.. listed.Where(source => Endings.Any(ending => source.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))];
        Others = listed.Count - Sources.Count;
        if (Sources.Count == 0)
        {
            throw CommandException.Mistake($"there is no image in {string.Join(", ", given)}", $"images end in {string.Join(", ", Endings)}");
        }

        if (Sources.CountBy(source => source.Name).FirstOrDefault(source => source.Value > 1) is { Key: { } twice })
        {
            throw CommandException.Mistake($"two images would be called '{twice}'", "embed them one after the other, each to a file of its own");
        }
    }

    /// <summary>Each image's name, and where its bytes are: <see cref="FrameSource.Blob"/> is the place of its file among those opened.</summary>
    public IReadOnlyList<FrameSource> Sources { get; }

    /// <summary>Files that are no images, and were left out.</summary>
    public int Others { get; }

    /// <exception cref="CommandException">There is no such file, or no image.</exception>
    /// <exception cref="ArchiveException">A zip is damaged, or hostile.</exception>
    public static ImageFiles Open(IReadOnlyList<string> paths) => new(paths);

    /// <summary>An image's bytes. For any number of threads.</summary>
    public byte[] Read(int image)
    {
        var source = Sources[image];
        return source.Encoding == FrameEncoding.Loose ? ReadFile(_paths[source.Blob], source.Name) : FrameBytes.Read(_archives[source.Blob], source);
    }

    public void Dispose() => _archives.ForEach(archive => archive.Dispose());

    private static byte[] ReadFile(string path, string name) => new FileInfo(path).Length is var length && length <= ImageLimits.MaxBytes
        ? File.ReadAllBytes(path)
        : throw CommandException.Mistake($"image '{name}' has {length} bytes; at most {ImageLimits.MaxBytes} are read", "leave it out, or save it smaller");

    private IEnumerable<FrameSource> OfFolder(string folder, string prefix) =>
        Directory.EnumerateFiles(folder, "*", Everything).Select(path => OfFile(path, prefix + Path.GetRelativePath(folder, path).Replace('\\', '/')));

    private FrameSource OfFile(string path, string name)
    {
        _paths.Add(path);
        return new FrameSource(name, _paths.Count - 1, 0, 0, 0, FrameEncoding.Loose, 0);
    }

    private IEnumerable<FrameSource> OfZip(string path, string prefix)
    {
        var file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        _archives.Add(file);
        using var directory = File.OpenRead(path);
        var archive = _archives.Count - 1;
        return [.. ArchiveIndex.Read(directory, path).Entries.Select(entry => entry.In(archive) with { Name = prefix + entry.Name })];
    }
}
