using System.Globalization;
using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>
/// Market-1501 (Zheng et al., ICCV 2015), and sets that were packed anew in its arrangement: folders bounding_box_train, query and bounding_box_test, identity and
/// camera in each file's name. Identity −1 is junk and dropped, 0000 is nobody and stays in the gallery. Every image is a tracklet of one. Where there is a folder
/// gt_bbox, its boxes of a query's identity by the query's camera may be searched for together with it (spec of AlignedReID §12). Counts are compared
/// where names have the sequence of Market-1501's own (0002_c1s1_000451_03.jpg).
/// </summary>
public sealed partial class Market1501Layout : DatasetLayout
{
    private const string Boxes = "gt_bbox/";

    private static readonly BoundingBoxFolders Folders = new(Pattern);

    public override string Name => "market1501";

    public override PublishedCounts Published { get; } = new(
        new PublishedSplit(751, 12_936, 12_936, 6, 0), new PublishedSplit(750, 3_368, 3_368, 6, 0), new PublishedSplit(750, 15_913, 15_913, 6, 2_798))
    {
        MultiQuery = new PublishedSplit(750, 12_688, 12_688, 6, 0),
    };

    /// <summary>In a folder "detected" or "labeled" they are CUHK03's.</summary>
    public override IReadOnlyList<string> Lacks(FileListing files) =>
        Folders.Lacks(files) is { Count: > 0 } lacks ? lacks
        : Cuhk03Layout.Holds(Folders.PlaceOf(files, BoundingBoxFolders.Train)!) ? ["bounding_box_train/ that lies in no folder detected/ or labeled/"]
        : [];

    public override ManifestDraft Read(FileListing files)
    {
        var draft = new ManifestDraft(files) { IsRepacked = true };
        foreach (var (file, split, name) in Folders.Images(files))
        {
            draft.IsRepacked &= !name.Groups[3].Success;
            Add(draft, split, file, name);
        }

        MultiQuery(draft);
        return draft;
    }

    /// <summary>Boxes that were drawn by hand. Those of others than the queries answer nothing.</summary>
    private static void MultiQuery(ManifestDraft draft)
    {
        var files = draft.Files;
        var train = Folders.PlaceOf(files, BoundingBoxFolders.Train)!;
        var (from, count) = files.Under(train[..^BoundingBoxFolders.Train.Length] + Boxes).GetOffsetAndLength(files.Files.Count);
        var asked = count == 0 ? [] : Folders.Images(files).Where(image => image.Split == Split.Query).Select(image => Seen(image.Name)).ToHashSet();
        for (var file = from; file < from + count; file++)
        {
            var path = files.Files[file].Name;
            if (Pattern.Match(BoundingBoxFolders.FileName(path)) is not { Success: true } name)
            {
                continue;
            }

            if (asked.Contains(Seen(name)))
            {
                Add(draft, Split.MultiQuery, file, name);
            }
            else
            {
                draft.Known.Add(file);
                draft.Findings.Add(FindingSeverity.Note, "boxes-of-others", "images of gt_bbox are of no query's identity and camera, and are left out", path);
            }
        }
    }

    private static (string Identity, string Camera) Seen(Match name) => (name.Groups[1].Value, name.Groups[2].Value);

    /// <summary>Who is in an image and which camera saw it, as a file's name says in any set of this arrangement, DukeMTMC-reID too: `-1` is junk, `0000` nobody.</summary>
    /// <param name="path">Folders before the name say nothing.</param>
    public static bool TryParse(string path, out string identity, out string camera)
    {
        var match = BoundingBoxFolders.AnyName.Match(BoundingBoxFolders.FileName(path));
        (identity, camera) = (match.Groups[1].Value, match.Groups[2].Value);
        return match.Success;
    }

    private static void Add(ManifestDraft draft, Split split, int file, Match name)
    {
        var path = draft.Files.Files[file].Name;
        var (identity, camera) = (name.Groups[1].Value, new Camera(name.Groups[2].Value));
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

    /// <summary>On the file's name alone: folders above it may look alike. A frame number behind an f is DukeMTMC-reID's.</summary>
    [GeneratedRegex(@"^(-?[0-9]{1,9})_c([0-9]{1,3})(s[0-9]+)?_(?!f[0-9]+\.).*\.(?:jpg|jpeg|png|bmp)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
