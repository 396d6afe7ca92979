using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>An image of one of MSMT17's lists: its place in the listing, whom the line says it shows, and the camera that its name says.</summary>
internal readonly record struct Msmt17Image(int File, int Label, int Camera);

/// <summary>
/// One of MSMT17's lists: a path and a label a line. Paths count from the folder of the images; a person's folder before the name may be there or not, in the list and in the folder.
/// </summary>
internal sealed partial class Msmt17List : IReadOnlyCollection<Msmt17Image>
{
    private readonly List<Msmt17Image> _images = [];
    private readonly HashSet<int> _files = [];

    private Msmt17List()
    {
    }

    public int Count => _images.Count;

    public bool Has(int file) => _files.Contains(file);

    public IEnumerator<Msmt17Image> GetEnumerator() => _images.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Faults become findings of the draft, each with its line.</summary>
    /// <param name="folder">Of the images, with its '/'.</param>
    public static Msmt17List Read(ManifestDraft draft, string name, string folder)
    {
        var list = new Msmt17List();
        var path = draft.Files.RootOf(name) + name;
        draft.Known.Add(draft.Files.IndexOf(path));
        foreach (var (place, text) in draft.Files.ReadLines(path).Index())
        {
            if (Line.Match(text.Trim()) is { Success: true } line)
            {
                list.Add(draft, folder, line, $"{name} line {place + 1}");
            }
            else if (text.AsSpan().Trim().Length > 0)
            {
                Fault(draft, $"{name} line {place + 1}: '{text}' is not the path of an image and a label");
            }
        }

        if (list.Count == 0)
        {
            Fault(draft, $"{path} names no image");
        }

        return list;
    }

    private void Add(ManifestDraft draft, string folder, Match line, string where)
    {
        var (written, person, camera) = (line.Groups[1].Value, line.Groups[2].Value, int.Parse(line.Groups[3].ValueSpan, CultureInfo.InvariantCulture));
        var label = int.Parse(line.Groups[4].ValueSpan, CultureInfo.InvariantCulture);
        var name = BoundingBoxFolders.FileName(written);
        var file = new[] { written, $"{person}/{name}", name }.Select(inside => draft.Files.IndexOf(folder + inside)).FirstOrDefault(found => found >= 0, -1);
        if (file < 0)
        {
            draft.Findings.Add(FindingSeverity.Error, "missing-file", "the protocol names files that are not there: upload them too", $"{folder}{written} ({where})");
        }
        else if (!_files.Add(file))
        {
            Fault(draft, $"{where}: '{written}' is there twice");
        }
        else
        {
            _images.Add(new Msmt17Image(file, label, camera));
            if (long.Parse(person, CultureInfo.InvariantCulture) != label)
            {
                draft.Findings.Add(
                    FindingSeverity.Warning, "msmt17-label-differs", "images are named for another person than their line's label; the label counts", $"{where}: '{written}' is labelled {label}");
            }
        }
    }

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(FindingSeverity.Error, "msmt17-line", "lines of MSMT17's lists cannot be used: each is a path (0000/0000_000_01_0303morning_0008_0.jpg) and a label from 0", where);

    /// <summary>The path, the person and the camera that its file's name says, and the label.</summary>
    [GeneratedRegex(@"^((?:[^/\\]{1,200}/){0,8}([0-9]{1,9})_[0-9]{1,9}_([0-9]{1,3})_[^/\\]{1,200}\.(?:jpg|jpeg|png|bmp))[ \t]+([0-9]{1,9})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Line { get; }
}
