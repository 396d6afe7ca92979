using System.Text;

namespace ReidCloud.Datasets;

/// <summary>
/// The files of an upload by name, whether they came in archives or each as a blob of its own: what a <see cref="DatasetLayout"/> reads. Names are in
/// ordinal order; what file managers leave behind (.DS_Store, Thumbs.db, __MACOSX) is left out.
/// </summary>
public sealed class FileListing
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string[] Litter = [".DS_Store", "Thumbs.db", "desktop.ini"];

    private readonly FrameSource[] _files;
    private readonly Func<FrameSource, byte[]> _read;
    private readonly Func<FrameSource, int, (byte[] Bytes, long Start)>? _head;

    /// <summary>Of a million files there are some thousands.</summary>
    private readonly List<string> _folders = [];

    /// <summary>Where the last one was found that was asked for: lists mostly name files in their order.</summary>
    private int _found = -1;

    /// <param name="files">Each name once.</param>
    /// <param name="read">Gives a file's bytes.</param>
    /// <param name="head">Gives the first bytes, at most so many, of a file that is not packed, and where in its blob they begin.</param>
    public FileListing(IEnumerable<FrameSource> files, Func<FrameSource, byte[]> read, Func<FrameSource, int, (byte[] Bytes, long Start)>? head = null)
    {
        _files = [.. files.Where(file => !IsLitter(file.Name))];
        if (!IsInOrder(_files))
        {
            _files.AsSpan().Sort(default(ByName));
        }

        (_read, _head) = (read, head);
        foreach (var file in _files)
        {
            var folder = file.Name.AsSpan(0, file.Name.LastIndexOf('/') + 1);
            if (_folders.Count == 0 || !folder.SequenceEqual(_folders[^1]))
            {
                _folders.Add(folder.ToString());
            }
        }
    }

    public IReadOnlyList<FrameSource> Files => _files;

    /// <summary>A file's place in <see cref="Files"/>, or −1.</summary>
    public int IndexOf(string name)
    {
        var next = _found + 1;
        var at = next < _files.Length && _files[next].Name == name ? next : FirstNotBefore(name);
        return at < _files.Length && _files[at].Name == name ? _found = at : -1;
    }

    /// <summary>The content of one of the few files that describe the others.</summary>
    /// <param name="most">Longer ones are not read.</param>
    /// <exception cref="DatasetException">It is longer.</exception>
    public byte[] Read(string name, long most)
    {
        var file = _files[IndexOf(name)];
        return file.Length <= most
            ? _read(file)
            : throw Refusal("file-too-large", name, $"has {file.Length} bytes; at most {most} are read: take the authors' file, or split the data set");
    }

    /// <summary>The first bytes of a long file, at most so many, and where in its blob they begin.</summary>
    /// <exception cref="DatasetException">It is packed.</exception>
    public (byte[] Bytes, long Start) ReadHead(string name, int most)
    {
        var file = _files[IndexOf(name)];
        return file.Encoding == FrameEncoding.Deflate
            ? throw Refusal("array-packed", name, "is compressed in its archive, so that its parts cannot be read alone: store it (zip -0), or upload it as a file of its own")
            : _head!(file, most);
    }

    /// <summary>The same files, but in place of one the frames in it.</summary>
    public FileListing InPlaceOf(string name, IEnumerable<FrameSource> frames) => new(_files.Where(file => file.Name != name).Concat(frames), _read, _head);

    /// <summary>A text file's lines: UTF-8, with or without a byte order mark, any line end.</summary>
    /// <exception cref="DatasetException">It is not text, or too long.</exception>
    public IReadOnlyList<string> ReadLines(string name)
    {
        ReadOnlySpan<byte> text = Text(name);
        CheckLines(text, name);
        var lines = new List<string>();
        while (text.Length > 0)
        {
            var end = text.IndexOfAny((byte)'\r', (byte)'\n');
            lines.Add(Decode(end < 0 ? text : text[..end], name));
            text = end < 0 ? [] : text[(end + (text[end..].StartsWith("\r\n"u8) ? 2 : 1))..];
        }

        return lines;
    }

    /// <inheritdoc cref="ReadLines"/>
    public string ReadText(string name) => Decode(Text(name), name);

    private ReadOnlySpan<byte> Text(string name)
    {
        ReadOnlySpan<byte> text = Read(name, IngestLimits.Text);
        return text.StartsWith("\uFEFF"u8) ? text["\uFEFF"u8.Length..] : text;
    }

    /// <summary>Before there is a line: a short one takes ten times its length in memory.</summary>
    private static void CheckLines(ReadOnlySpan<byte> text, string name)
    {
        for (var line = 1; text.Length > 0; line++)
        {
            var end = text.IndexOfAny((byte)'\r', (byte)'\n');
            if ((end < 0 ? text.Length : end) > IngestLimits.Line)
            {
                throw Refusal("not-a-list", name, $"is no list: line {line} has more than {IngestLimits.Line} bytes");
            }

            if (line > IngestLimits.Lines)
            {
                throw Refusal("file-too-large", name, $"has more than {IngestLimits.Lines} lines: split the data set");
            }

            text = end < 0 ? [] : text[(end + (text[end..].StartsWith("\r\n"u8) ? 2 : 1))..];
        }
    }

    private static string Decode(ReadOnlySpan<byte> text, string name)
    {
        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Refusal("not-text", name, "is not UTF-8 text: save it as UTF-8");
        }
    }

    private static DatasetException Refusal(string code, string name, string fault) =>
        new(new Finding(FindingSeverity.Error, code, $"{ForeignText.Shown(name)} {fault}.", 1, [ForeignText.Shown(name)]));

    /// <summary>
    /// What stands in front of <paramref name="path"/> where it is found: "" or a folder with its '/', the one nearest to the top. A path that ends in '/'
    /// is a folder. Null when it is nowhere.
    /// </summary>
    public string? RootOf(string path)
    {
        string? root = null;
        var below = "/" + path;
        if (path.EndsWith('/'))
        {
            foreach (var folder in _folders)
            {
                Look(folder);
            }
        }
        else
        {
            foreach (ref readonly var file in _files.AsSpan())
            {
                Look(file.Name);
            }
        }

        return root;

        void Look(string name)
        {
            var at = StartOf(name, path, below);
            if (at >= 0 && (root is null || at < root.Length))
            {
                root = name[..at];
            }
        }
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

        if (name.Contains('\\'))
        {
            return "has a backslash in its name";
        }

        if (ForeignText.FaultOf(name) is { } fault)
        {
            return $"has {fault} in its name";
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
        name.StartsWith("__MACOSX/", StringComparison.Ordinal) || Array.Exists(Litter, litter => IsFile(name, litter));

    /// <summary>In whatever folder.</summary>
    private static bool IsFile(string path, string name) => path.EndsWith(name, StringComparison.Ordinal) && (path.Length == name.Length || path[^(name.Length + 1)] == '/');

    private static bool IsInOrder(ReadOnlySpan<FrameSource> files)
    {
        for (var i = 1; i < files.Length; i++)
        {
            if (string.CompareOrdinal(files[i - 1].Name, files[i].Name) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private int FirstNotBefore(string name)
    {
        var (from, to) = (0, _files.Length);
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            (from, to) = string.CompareOrdinal(_files[middle].Name, name) < 0 ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    /// <summary>A structure, so that sorting calls it without a detour.</summary>
    private readonly struct ByName : IComparer<FrameSource>
    {
        public int Compare(FrameSource a, FrameSource b) => string.CompareOrdinal(a.Name, b.Name);
    }
}
