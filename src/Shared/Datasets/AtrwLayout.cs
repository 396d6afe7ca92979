using System.Globalization;
using System.Text.Json;

namespace ReidCloud.Datasets;

/// <summary>
/// ATRW, Amur tigers (Li et al., ACM MM 2020), the plain track of the CVWC 2019 challenge: images in train and test, reid_list_train.csv (entity, file),
/// reid_list_test.csv (file), and the ground truth gt_test_plain.json that came later with the official scorer. A flank of a tiger is an entity. Every image is a
/// tracklet of one. Of the training images neither camera nor time is known, and those without an entity are left out; of the test, each image is query and gallery,
/// its camera the pair (a, b) and its time t of its frame [a, b, t]. Key points are not read.
/// </summary>
public sealed class AtrwLayout : DatasetLayout
{
    private const string TrainList = "reid_list_train.csv";
    private const string TestList = "reid_list_test.csv";
    private const string Truth = "gt_test_plain.json";
    private const string TrainFolder = "train/";
    private const string TestFolder = "test/";
    private const string OneCamera = "sing";
    private const string SeveralCameras = "multi";

    private static readonly string[] KeyPoints = ["reid_keypoints_train.json", "reid_keypoints_test.json"];

    public override string Name => "atrw";

    public override bool HasTimes => true;

    public override PublishedCounts Published { get; } = new(
        new PublishedSplit(107, 1_887, 1_887, Distractors: 0), new PublishedSplit(75, 1_764, 1_764, 82, 0), new PublishedSplit(75, 1_764, 1_764, 82, 0));

    public override IReadOnlyList<string> Lacks(FileListing files) =>
        [.. new[] { TrainList, TestList, Truth, TrainFolder, TestFolder }.Where(path => files.RootOf(path) is null)];

    public override ManifestDraft Read(FileListing files)
    {
        var draft = new ManifestDraft(files);
        draft.Known.UnionWith(KeyPoints.Select(list => files.IndexOf(files.RootOf(list) + list)).Where(place => place >= 0));
        var trained = Train(draft);
        Test(draft, trained);
        return draft;
    }

    /// <summary>The entities that are learnt.</summary>
    private static HashSet<int> Train(ManifestDraft draft)
    {
        var entities = new Dictionary<string, (int Entity, int Line)>(StringComparer.Ordinal);
        foreach (var (line, text) in Lines(draft, TrainList))
        {
            var fields = text.Split(',', StringSplitOptions.TrimEntries);
            if (fields is not [var number, var name] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var entity))
            {
                Fault(draft, $"{TrainList} line {line}: '{text}' is not an entity's number, a comma and a file name");
            }
            else if (!entities.TryAdd(name, (entity, line)))
            {
                Fault(draft, $"{TrainList} line {line}: '{name}' is there twice");
            }
        }

        var images = Images(draft, TrainFolder, entities.Keys);
        foreach (var (name, (entity, line)) in entities)
        {
            if (Image(draft, images, TrainFolder + name, TrainList, line) is { } file)
            {
                draft.Add(Split.Train, Show(entity), new Camera(""), [file]);
            }
        }

        var unlabelled = images.Where(image => !entities.ContainsKey(image.Key)).ToList();
        draft.Known.UnionWith(unlabelled.Select(image => image.Value));
        draft.Findings.Add(
            FindingSeverity.Note, "unlabelled-crops", $"images of {TrainFolder} carry no entity and are left out", unlabelled.Count, unlabelled.Select(image => image.Key));
        return [.. entities.Values.Select(entity => entity.Entity)];
    }

    private static void Test(ManifestDraft draft, HashSet<int> trained)
    {
        var truth = ReadTruth(draft);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var tested = new List<(int Line, string Name, Seen Seen)>();
        foreach (var (line, name) in Lines(draft, TestList))
        {
            if (!names.Add(name))
            {
                Fault(draft, $"{TestList} line {line}: '{name}' is there twice");
            }
            else if (NumberOf(name) is not { } number)
            {
                Fault(draft, $"{TestList} line {line}: '{name}' is not an image of ATRW (000000.jpg)");
            }
            else if (!truth.Remove(number, out var seen))
            {
                Fault(draft, $"{TestList} line {line}: '{name}' is not in {Truth}");
            }
            else
            {
                tested.Add((line, name, seen));
            }
        }

        foreach (var number in truth.Keys.Order())
        {
            Fault(draft, $"{Truth}: image {number} is not in {TestList}");
        }

        CompareGroups(draft, tested);
        var numbersAreShared = Shared(draft, trained, tested);
        var images = Images(draft, TestFolder, names);
        foreach (var (line, name, seen) in tested)
        {
            if (Image(draft, images, TestFolder + name, TestList, line) is { } file)
            {
                var entity = (numbersAreShared ? "test-" : "") + Show(seen.Entity);
                draft.Add(Split.Query, entity, seen.Camera, [file], seen.Time);
                draft.Add(Split.Gallery, entity, seen.Camera, [file], seen.Time);
            }
        }
    }

    /// <summary>The authors' 182 entities are either for training or for the test: a number that is used for both means two of them.</summary>
    private static bool Shared(ManifestDraft draft, HashSet<int> trained, List<(int Line, string Name, Seen Seen)> tested)
    {
        var shared = tested.Select(image => image.Seen.Entity).Where(trained.Contains).Distinct().Order().ToList();
        draft.Findings.Add(
            FindingSeverity.Warning, "entity-numbers-shared",
            "numbers of entities are used in the training list and in the test's truth. The authors' entities are disjoint, so the test's are called test-N here; check that yours are",
            shared.Count, shared.Select(Show));
        return shared.Count > 0;
    }

    /// <summary>Whether an entity counts as seen by one camera or by several is what its images say; the truth says it too.</summary>
    private static void CompareGroups(ManifestDraft draft, List<(int Line, string Name, Seen Seen)> tested)
    {
        foreach (var entity in tested.GroupBy(image => image.Seen.Entity))
        {
            var group = entity.Select(image => image.Seen.Camera).Distinct().Count() == 1 ? OneCamera : SeveralCameras;
            foreach (var (_, name, seen) in entity.Where(image => image.Seen.Group != group))
            {
                draft.Findings.Add(
                    FindingSeverity.Warning, "atrw-group-differs", $"{Truth} and the cameras of an entity disagree about its group; the cameras count",
                    $"{name}: '{seen.Group}', but entity {seen.Entity} is '{group}'");
            }
        }
    }

    private static Dictionary<int, Seen> ReadTruth(ManifestDraft draft)
    {
        var truth = new Dictionary<int, Seen>();
        var path = draft.Files.RootOf(Truth) + Truth;
        draft.Known.Add(draft.Files.IndexOf(path));
        try
        {
            using var json = JsonDocument.Parse(draft.Files.Read(path, IngestLimits.Json));
            foreach (var (place, entry) in json.RootElement.EnumerateArray().Index())
            {
                if (Entry(entry) is not var (image, seen))
                {
                    Fault(draft, $"{Truth} entry {place + 1}: is not {{\"imgid\", \"entityid\", \"query\": \"sing\" or \"multi\", \"frame\": [a, b, t]}} with whole numbers");
                }
                else if (!truth.TryAdd(image, seen))
                {
                    Fault(draft, $"{Truth} entry {place + 1}: image {image} is there twice");
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            Fault(draft, $"{Truth}: is not a JSON list of images ({exception.Message})");
        }

        return truth;
    }

    private static (int Image, Seen Seen)? Entry(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object
            || Whole(entry, "imgid") is not { } image || Whole(entry, "entityid") is not { } entity
            || !entry.TryGetProperty("query", out var query) || query.ValueKind != JsonValueKind.String || query.GetString() is not (OneCamera or SeveralCameras)
            || !entry.TryGetProperty("frame", out var frame) || frame.ValueKind != JsonValueKind.Array || frame.GetArrayLength() != 3
            || Whole(frame[0]) is not { } a || Whole(frame[1]) is not { } b || Whole(frame[2]) is not { } time)
        {
            return null;
        }

        return (image, new Seen(entity, new Camera($"{Show(a)}-{Show(b)}"), time, query.GetString()!));
    }

    private static int? Whole(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? Whole(value) : null;

    private static int? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : null;

    /// <summary>Files by name of the folder that is called so and has most of the names; of equals the one nearest to the top.</summary>
    private static Dictionary<string, int> Images(ManifestDraft draft, string folder, IReadOnlyCollection<string> names)
    {
        var listed = names.ToHashSet(StringComparer.Ordinal);
        var folders = new Dictionary<string, (int Listed, Dictionary<string, int> Files)>(StringComparer.Ordinal);
        foreach (var (place, file) in draft.Files.Files.Index())
        {
            var slash = file.Name.LastIndexOf('/') + 1;
            var (inside, name) = (file.Name[..slash], file.Name[slash..]);
            if (!inside.EndsWith(folder, StringComparison.Ordinal) || (inside.Length > folder.Length && inside[^(folder.Length + 1)] != '/') || NumberOf(name) is null)
            {
                continue;
            }

            var (count, files) = folders.TryGetValue(inside, out var there) ? there : (0, new Dictionary<string, int>(StringComparer.Ordinal));
            files.Add(name, place);
            folders[inside] = (count + (listed.Contains(name) ? 1 : 0), files);
        }

        return folders.Count == 0 ? [] : folders.OrderByDescending(pair => pair.Value.Listed).ThenBy(pair => pair.Key.Length).First().Value.Files;
    }

    private static int? Image(ManifestDraft draft, Dictionary<string, int> images, string path, string list, int line)
    {
        if (images.TryGetValue(path[(path.IndexOf('/') + 1)..], out var file))
        {
            return file;
        }

        draft.Findings.Add(FindingSeverity.Error, "missing-file", "the protocol names files that are not there: upload them too", $"{path} ({list} line {line})");
        return null;
    }

    private static IEnumerable<(int Line, string Text)> Lines(ManifestDraft draft, string list)
    {
        var name = draft.Files.RootOf(list) + list;
        draft.Known.Add(draft.Files.IndexOf(name));
        return draft.Files.ReadLines(name).Index().Select(line => (line.Index + 1, line.Item.Trim())).Where(line => line.Item2.Length > 0);
    }

    private static int? NumberOf(string name) =>
        Path.GetExtension(name).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".bmp"
        && int.TryParse(Path.GetFileNameWithoutExtension(name.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Show(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(FindingSeverity.Error, "atrw-line", "ATRW's lists contradict each other or cannot be read: take lists and truth of one release", where);

    /// <summary>What the truth says of an image.</summary>
    private readonly record struct Seen(int Entity, Camera Camera, int Time, string Group);
}
