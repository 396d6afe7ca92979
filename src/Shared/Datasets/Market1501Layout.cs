using System.Globalization;
using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>
/// Market-1501 (Zheng et al., ICCV 2015), and DukeMTMC-reID, which is arranged alike: folders bounding_box_train, query and bounding_box_test, identity and
/// camera in each file's name. Identity −1 is junk and dropped, 0000 is nobody and stays in the gallery. Every image is a tracklet of one.
/// </summary>
public sealed partial class Market1501Layout : DatasetLayout
{
    private static readonly (string Folder, Split Split)[] Folders =
        [("bounding_box_train/", Split.Train), ("query/", Split.Query), ("bounding_box_test/", Split.Gallery)];

    public override string Name => "market1501";

    public override PublishedCounts Published { get; } = new(
        new PublishedSplit(751, 12_936, 12_936, 6, 0), new PublishedSplit(750, 3_368, 3_368, 6, 0), new PublishedSplit(750, 15_913, 15_913, 6, 2_798));

    public override IReadOnlyList<string> Lacks(FileListing files) =>
        [.. Folders.Select(pair => pair.Folder).Where(folder => Root(files, folder) is null)];

    public override ManifestDraft Read(FileListing files)
    {
        var draft = new ManifestDraft(files);
        foreach (var (folder, split) in Folders)
        {
            var (from, count) = files.Under(Root(files, folder) + folder).GetOffsetAndLength(files.Files.Count);
            for (var i = from; i < from + count; i++)
            {
                Add(draft, split, i);
            }
        }

        return draft;
    }

    /// <summary>Who is in an image and which camera saw it, as a file's name of this layout says: `-1` is junk, `0000` nobody.</summary>
    /// <param name="path">Folders before the name say nothing.</param>
    public static bool TryParse(string path, out string identity, out string camera)
    {
        var match = Pattern.Match(FileName(path));
        (identity, camera) = (match.Groups[1].Value, match.Groups[2].Value);
        return match.Success;
    }

    /// <summary>Only an image with a name of this layout makes a folder called "query" the one that is meant.</summary>
    private static string? Root(FileListing files, string folder)
    {
        var root = files.RootOf(folder);
        return root is not null && files.Files.Take(files.Under(root + folder)).Any(file => Pattern.IsMatch(FileName(file.Name))) ? root : null;
    }

    private static void Add(ManifestDraft draft, Split split, int file)
    {
        var path = draft.Files.Files[file].Name;
        if (!TryParse(path, out var identity, out var sensor))
        {
            return;
        }

        var camera = new Camera(sensor);
        var number = int.Parse(identity, CultureInfo.InvariantCulture);
        if (number < 0)
        {
            draft.Known.Add(file);
            draft.Findings.Add(FindingSeverity.Note, "junk-dropped", "images marked as junk (identity −1) are left out", path);
        }
        else if (number == 0 && split != Split.Gallery)
        {
            draft.Findings.Add(
                FindingSeverity.Error, "distractor-outside-gallery", "distractors (identity 0000) can only be in the gallery: move these files", path);
        }
        else
        {
            draft.Add(split, number == 0 ? null : identity, camera, [file]);
        }
    }

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>On the file's name alone: folders above it may look alike.</summary>
    [GeneratedRegex(@"^(-?[0-9]{1,9})_c([0-9]{1,3})(?:s[0-9]+)?_.*\.(?:jpg|jpeg|png|bmp)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
