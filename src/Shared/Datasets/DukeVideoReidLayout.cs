using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>
/// DukeMTMC-VideoReID (Wu et al., CVPR 2018): folders train, query and gallery, in each a folder per identity and in that one per tracklet. Identity and camera
/// stand in each image's name: 0001_C6_F0099_X30823.jpg, in the older release without the underscores. A tracklet is what VKD's loader makes one: neighbours in
/// path order whose names share the first seven characters, identity and camera. So neighbouring folders of one identity and camera become one tracklet; a note
/// says where. Gallery identities without a query are the authors' 408 distractors. The data set was withdrawn by its authors in 2019.
/// </summary>
public sealed partial class DukeVideoReidLayout : DatasetLayout
{
    private const int PrefixLength = 7;
    private const int IdentityLength = 4;
    private const string Example = "IDENTITY/TRACKLET/0001_C6_F0001_X30823.jpg";

    private static readonly (string Folder, Split Split)[] Folders = [("train/", Split.Train), ("query/", Split.Query), ("gallery/", Split.Gallery)];

    public override string Name => "duke-video-reid";

    public override PublishedCounts Published { get; } = new(
        new PublishedSplit(702, 2_196, 369_656, Distractors: 0), new PublishedSplit(702, 702, Distractors: 0), new PublishedSplit(1_110, 2_636, Distractors: 0));

    public override IReadOnlyList<string> Lacks(FileListing files)
    {
        var (_, found) = Root(files);
        return [.. Folders.Index().Where(folder => (found & (1 << folder.Index)) == 0).Select(folder => folder.Item.Folder + Example)];
    }

    public override ManifestDraft Read(FileListing files)
    {
        var draft = new ManifestDraft(files);
        var (root, _) = Root(files);
        foreach (var (folder, split) in Folders)
        {
            Read(draft, root + folder, split);
        }

        return draft;
    }

    private static void Read(ManifestDraft draft, string folder, Split split)
    {
        var frames = new List<int>();
        var (from, count) = draft.Files.Under(folder).GetOffsetAndLength(draft.Files.Files.Count);
        for (var file = from; file < from + count; file++)
        {
            var path = draft.Files.Files[file].Name;
            if (!Pattern.IsMatch(FileName(path)))
            {
                continue;
            }

            CompareFolder(draft, folder, path);
            if (frames.Count > 0 && draft.Files.Files[frames[^1]].Name is var before)
            {
                if (!FileName(before)[..PrefixLength].SequenceEqual(FileName(path)[..PrefixLength]))
                {
                    Add(draft, split, frames);
                }
                else if (!Folder(before).SequenceEqual(Folder(path)))
                {
                    draft.Findings.Add(
                        FindingSeverity.Note, "tracklets-merged",
                        "neighbouring folders of one identity and camera are one tracklet, as VKD's loader reads them", $"{Folder(before)} and {Folder(path)}");
                }
            }

            frames.Add(file);
        }

        if (frames.Count > 0)
        {
            Add(draft, split, frames);
        }
    }

    private static void Add(ManifestDraft draft, Split split, List<int> frames)
    {
        var match = Pattern.Match(FileName(draft.Files.Files[frames[0]].Name).ToString());
        draft.Add(split, match.Groups[1].Value, new Camera(match.Groups[2].Value + match.Groups[3].Value), frames);
        frames.Clear();
    }

    private static void CompareFolder(ManifestDraft draft, string folder, string path)
    {
        var inside = path.AsSpan(folder.Length);
        var slash = inside.IndexOf('/');
        if (slash >= 0 && !inside[..slash].SequenceEqual(FileName(path)[..IdentityLength]))
        {
            draft.Findings.Add(
                FindingSeverity.Warning, "duke-name-differs", "names and folders disagree about the identity; the names count. Sort the files into their folders", path);
        }
    }

    /// <summary>What stands in front of the three folders, and which of them are there (a bit each): the root with most of them, the one nearest to the top.</summary>
    private static (string Root, int Found) Root(FileListing files)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        var bySpan = found.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var file in files.Files)
        {
            if (!Pattern.IsMatch(FileName(file.Name)))
            {
                continue;
            }

            var above = Folder(Folder(Folder(file.Name)));
            foreach (var (place, (folder, _)) in Folders.Index())
            {
                if (above.EndsWith(folder.AsSpan(..^1), StringComparison.Ordinal) && above[..^(folder.Length - 1)] is var root && (root.Length == 0 || root[^1] == '/'))
                {
                    bySpan[root] = bySpan.TryGetValue(root, out var there) ? there | (1 << place) : 1 << place;
                }
            }
        }

        return found.Count == 0 ? ("", 0) : found.Select(pair => (pair.Key, pair.Value)).OrderByDescending(pair => int.PopCount(pair.Value)).ThenBy(pair => pair.Key.Length).First();
    }

    private static ReadOnlySpan<char> FileName(ReadOnlySpan<char> path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Of a path without a folder: nothing.</summary>
    private static ReadOnlySpan<char> Folder(ReadOnlySpan<char> path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    /// <summary>Identity, camera, place in the tracklet, a letter (X ordinary, D distractor) with the frame's number in the camera's film.</summary>
    [GeneratedRegex(@"^([0-9]{4})(?:_C([0-9])_F[0-9]+_|C([0-9])F[0-9]+)[A-Z][0-9]+\.(?:jpg|jpeg|png|bmp)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
