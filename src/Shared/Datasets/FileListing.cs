using System.Text;

namespace ReidCloud.Datasets;

/// <summary>
/// The files of an upload by name, whether they came in archives or each as a blob of its own: what a <see cref="DatasetLayout"/> reads. Names are in
/// ordinal order; what file managers leave behind (.DS_Store, Thumbs.db, __MACOSX) is left out.
/// </summary>
public sealed class FileListing
{
    private static readonly Comparer<FrameSource> ByName = Comparer<FrameSource>.Create(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
    private static readonly string[] Litter = [".DS_Store", "Thumbs.db", "desktop.ini"];

    private readonly FrameSource[] _files;
    private readonly Func<FrameSource, byte[]> _read;

    /// <param name="files">Each name once.</param>
    /// <param name="read">Gives a file's bytes.</param>
    public FileListing(IEnumerable<FrameSource> files, Func<FrameSource, byte[]> read)
    {
        _files = [.. files.Where(file => !IsLitter(file.Name))];
        Array.Sort(_files, ByName);
        _read = read;
    }

    public IReadOnlyList<FrameSource> Files => _files;

    /// <summary>A file's place in <see cref="Files"/>, or −1.</summary>
    public int IndexOf(string name) =>
        Math.Max(-1, Array.BinarySearch(_files, new FrameSource(name, 0, 0, 0, 0, FrameEncoding.Loose, 0), ByName));

    /// <summary>The content of one of the few files that describe the others.</summary>
    public byte[] Read(string name) => _read(_files[IndexOf(name)]);

    /// <summary>A text file's lines: UTF-8, with or without a byte order mark, any line end.</summary>
    /// <exception cref="DatasetException">It is not text.</exception>
    public IReadOnlyList<string> ReadLines(string name)
    {
        var lines = ReadText(name).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = lines[i].TrimEnd('\r');
        }

        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    /// <inheritdoc cref="ReadLines"/>
    public string ReadText(string name)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Read(name));
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            throw new DatasetException(new Finding(FindingSeverity.Error, "not-text", $"{name} is not UTF-8 text: save it as UTF-8.", 1, [name]));
        }
    }

    /// <summary>
    /// What stands in front of <paramref name="path"/> where it is found: "" or a folder with its '/', the one nearest to the top. A path that ends in '/'
    /// is a folder. Null when it is nowhere.
    /// </summary>
    public string? RootOf(string path)
    {
        string? root = null;
        var below = "/" + path;
        foreach (var file in _files)
        {
            var at = StartOf(file.Name, path, below);
            if (at >= 0 && (root is null || at < root.Length))
            {
                root = file.Name[..at];
            }
        }

        return root;
    }

    /// <summary>The places in <see cref="Files"/> of everything whose name begins so.</summary>
    public Range Under(string prefix)
    {
        var from = FirstNotBefore(prefix);
        var to = from;
        while (to < _files.Length && _files[to].Name.StartsWith(prefix, StringComparison.Ordinal))
        {
            to++;
        }

        return from..to;
    }

    /// <summary>What is wrong with a name that is to be a relative path with '/', or null.</summary>
    internal static string? FaultOfName(string name)
    {
        if (name.Length == 0)
        {
            return "has no name";
        }

        if (name[0] == '/' || (name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0])))
        {
            return "has an absolute name";
        }

        if (name.Contains('\\') || name.AsSpan().ContainsAnyInRange('\0', '\x1F'))
        {
            return name.Contains('\\') ? "has a backslash in its name" : "has a control character in its name";
        }

        foreach (var segment in name.AsSpan().Split('/'))
        {
            switch (name.AsSpan()[segment])
            {
                case "..": return "leaves its folder by '..'";
                case "" or ".": return "has an empty folder in its name";
            }
        }

        return null;
    }

    private static int StartOf(string name, string path, string below)
    {
        if (path.EndsWith('/'))
        {
            if (name.StartsWith(path, StringComparison.Ordinal))
            {
                return 0;
            }

            var inside = name.IndexOf(below, StringComparison.Ordinal);
            return inside < 0 ? -1 : inside + 1;
        }

        var at = name.Length - path.Length;
        return at >= 0 && name.EndsWith(path, StringComparison.Ordinal) && (at == 0 || name[at - 1] == '/') ? at : -1;
    }

    private static bool IsLitter(string name) =>
        name.StartsWith("__MACOSX/", StringComparison.Ordinal) || Litter.Contains(name[(name.LastIndexOf('/') + 1)..]);

    private int FirstNotBefore(string name)
    {
        var at = Array.BinarySearch(_files, new FrameSource(name, 0, 0, 0, 0, FrameEncoding.Loose, 0), ByName);
        return at < 0 ? ~at : at;
    }
}
