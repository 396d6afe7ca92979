using System.Globalization;
using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>
/// VeRi-776 (Liu et al., ECCV 2016) by the protocol of VKD §7.2 and §9.3. Training: the images of name_train.txt; those of one vehicle in one camera are a
/// tracklet, by name. Gallery: a tracklet per line of test_track.txt. What is searched for as an image is name_query.txt, as a video for each of these the first
/// gallery tracklet of the same vehicle and camera. The gallery holds the query images too; being of the same camera, they are never counted.
/// </summary>
public sealed partial class VeriLayout : DatasetLayout
{
    private const string TrainNames = "name_train.txt";
    private const string QueryNames = "name_query.txt";
    private const string Tracks = "test_track.txt";
    private const string TrainFolder = "image_train/";
    private const string QueryFolder = "image_query/";
    private const string TestFolder = "image_test/";

    /// <summary>Vehicles in the folder of the authors, and in a list that is widespread: 37,778 and 37,746 images.</summary>
    private const int WholeTrain = 576;
    private const int ShortTrain = 575;

    public override string Name => "veri-776";

    public override PublishedCounts Published { get; } = new(
        new PublishedSplit(WholeTrain, Frames: 37_778, Distractors: 0), new PublishedSplit(200, Distractors: 0), new PublishedSplit(200, 2_021, 11_579, 19, 0))
    {
        QueryImage = new PublishedSplit(200, 1_678, 1_678, 19, 0),
    };

    public override IReadOnlyList<string> Lacks(FileListing files) =>
        [.. new[] { TrainNames, QueryNames, Tracks, TrainFolder, QueryFolder, TestFolder }.Where(path => files.RootOf(path) is null)];

    public override ManifestDraft Read(FileListing files)
    {
        var draft = new ManifestDraft(files);
        Train(draft);
        Queries(draft, Gallery(draft));
        return draft;
    }

    private static void Train(ManifestDraft draft)
    {
        var images = Images(draft, TrainNames, TrainFolder).ToList();
        images.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (int from = 0, to; from < images.Count; from = to)
        {
            for (to = from + 1; to < images.Count && images[to].Seen == images[from].Seen;)
            {
                to++;
            }

            Add(draft, Split.Train, images[from].Seen, [.. images.GetRange(from, to - from).Select(image => image.File)]);
        }

        var vehicles = images.Select(image => image.Seen.Vehicle).Distinct().Count();
        if (vehicles is ShortTrain or WholeTrain)
        {
            draft.Findings.Add(
                FindingSeverity.Note, "veri-training-list",
                $"there are two copies of {TrainNames}: one of {ShortTrain} vehicles and one of {WholeTrain}. Only results with the same one compare, and only checkpoints of the same one fit",
                $"this one lists {vehicles}");
        }
    }

    /// <summary>The tracks of the test, by who is seen where.</summary>
    private static Dictionary<(string Vehicle, string Camera), List<int>> Gallery(ManifestDraft draft)
    {
        var first = new Dictionary<(string Vehicle, string Camera), List<int>>();
        var folder = draft.Files.RootOf(TestFolder) + TestFolder;
        foreach (var (line, text) in Lines(draft, Tracks))
        {
            // VKD drops the last token, which is empty with the trailing blank of the authors' file: without it an image would be lost.
            var names = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (SeenIn(names[0]) is not { } seen)
            {
                Fault(draft, $"{Tracks} line {line}: '{names[0]}' is not the name of a track (0002_c002_…)");
                continue;
            }

            var frames = new List<int>();
            foreach (var name in names.Skip(1))
            {
                if (Image(draft, folder, name, Tracks, line) is { } image)
                {
                    frames.Add(image.File);
                    if (image.Seen != seen)
                    {
                        draft.Findings.Add(
                            FindingSeverity.Warning, "veri-name-differs", "tracks have images that are named for another vehicle or camera; the track's name counts",
                            $"{Tracks} line {line}: '{name}' in '{names[0]}'");
                    }
                }
            }

            if (frames.Count > 0)
            {
                Add(draft, Split.Gallery, seen, frames);
                first.TryAdd(seen, frames);
            }
            else
            {
                draft.Findings.Add(
                    FindingSeverity.Error, "empty-tracklet", "tracklets without a single frame: upload the frames or take the lines out", $"{Tracks} line {line}: '{names[0]}'");
            }
        }

        return first;
    }

    private static void Queries(ManifestDraft draft, Dictionary<(string Vehicle, string Camera), List<int>> tracks)
    {
        foreach (var image in Images(draft, QueryNames, QueryFolder))
        {
            Add(draft, Split.QueryImage, image.Seen, [image.File]);
            if (tracks.TryGetValue(image.Seen, out var track))
            {
                Add(draft, Split.Query, image.Seen, track);
            }
            else
            {
                draft.Findings.Add(
                    FindingSeverity.Note, "queries-without-track", "query images have no track of their vehicle and camera: as videos they are not searched for", image.Name);
            }
        }
    }

    private static IEnumerable<(string Name, (string Vehicle, string Camera) Seen, int File)> Images(ManifestDraft draft, string list, string inside)
    {
        var folder = draft.Files.RootOf(inside) + inside;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (line, text) in Lines(draft, list))
        {
            if (!seen.Add(text))
            {
                Fault(draft, $"{list} line {line}: '{text}' is there twice");
            }
            else if (Image(draft, folder, text, list, line) is { } image)
            {
                yield return (text, image.Seen, image.File);
            }
        }
    }

    private static ((string Vehicle, string Camera) Seen, int File)? Image(ManifestDraft draft, string folder, string name, string list, int line)
    {
        if (SeenIn(name) is not { } seen)
        {
            Fault(draft, $"{list} line {line}: '{name}' is not an image name of VeRi-776 (0002_c002_00030600_0.jpg)");
            return null;
        }

        var file = draft.Files.IndexOf(folder + name);
        if (file < 0)
        {
            draft.Findings.Add(
                FindingSeverity.Error, "missing-file", "the protocol names files that are not there: upload them too", $"{folder}{name} ({list} line {line})");
            return null;
        }

        return (seen, file);
    }

    private static IEnumerable<(int Line, string Text)> Lines(ManifestDraft draft, string list)
    {
        var name = draft.Files.RootOf(list) + list;
        draft.Known.Add(draft.Files.IndexOf(name));
        return draft.Files.ReadLines(name).Index().Select(line => (line.Index + 1, line.Item.Trim())).Where(line => line.Item2.Length > 0);
    }

    private static (string Vehicle, string Camera)? SeenIn(string name) =>
        Pattern.Match(name) is { Success: true } match ? (match.Groups[1].Value, match.Groups[2].Value) : null;

    private static void Add(ManifestDraft draft, Split split, (string Vehicle, string Camera) seen, IReadOnlyList<int> frames) =>
        draft.Add(split, seen.Vehicle, new Camera(int.Parse(seen.Camera, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)), frames);

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(FindingSeverity.Error, "veri-line", "lines of VeRi-776's lists cannot be used: take lists and images of one release", where);

    [GeneratedRegex(@"^([0-9]{4})_c([0-9]{3})_[^/\\]{0,200}$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
