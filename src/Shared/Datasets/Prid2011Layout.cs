using System.Text.Json;

namespace ReidCloud.Datasets;

/// <summary>
/// PRID-2011 (Hirzer et al., SCIA 2011), its films: multi_shot/cam_a/person_0001/0001.png and multi_shot/cam_b/…, where the first 200 persons are in both cameras and other numbers mean
/// different people in each. As usual only the 178 persons with at least 27 frames in both are used, in the ten splits of iLIDS-VID's authors: from
/// splits_prid2011.json (of torchreid: a list of objects with the names "train" and "test"), or from train_test_splits_prid.mat, whose numbers are these persons in order. Of the test, films
/// of the first camera are searched for among the second's.
/// </summary>
public sealed class Prid2011Layout : DatasetLayout
{
    private const string First = "multi_shot/cam_a/";
    private const string Second = "multi_shot/cam_b/";
    private const string Names = "splits_prid2011.json";
    private const string Table = "train_test_splits_prid.mat";
    private const string LastInBoth = "person_0200";
    private const int LeastFrames = 27;
    private static readonly string[] Unread = ["single_shot/cam_a/", "single_shot/cam_b/"];

    public override string Name => "prid-2011";

    public override IReadOnlyList<string> Variants => SplitVariants.Names;

    public override PublishedCounts Published { get; } = new(
        new PublishedSplit(89, 178, Cameras: 2, Distractors: 0), new PublishedSplit(89, 89, Cameras: 1, Distractors: 0), new PublishedSplit(89, 89, Cameras: 1, Distractors: 0));

    public override IReadOnlyList<string> Lacks(FileListing files) =>
    [
        .. new[] { First, Second }.Where(path => files.RootOf(path) is null),
        .. files.RootOf(Names) is null && files.RootOf(Table) is null ? [$"{Names} or {Table}"] : Array.Empty<string>(),
    ];

    public override ManifestDraft Read(FileListing files) => Read(files, null);

    public override ManifestDraft Read(FileListing files, string? variant)
    {
        var draft = new ManifestDraft(files);
        var films = new TwoCameraFilms(draft, (First, "a"), (Second, "b"));
        draft.Known.UnionWith(new[] { Names, Table }.Where(list => files.RootOf(list) is not null).Select(list => files.IndexOf(files.RootOf(list) + list)));
        foreach (var folder in Unread.Where(folder => files.RootOf(folder) is not null))
        {
            var (from, count) = files.Under(files.RootOf(folder) + folder).GetOffsetAndLength(files.Files.Count);
            draft.Known.UnionWith(Enumerable.Range(from, count));
        }

        var split = SplitVariants.NumberOf(variant);
        string[] usable = [.. films.Persons.Where(person => string.CompareOrdinal(person, LastInBoth) <= 0 && films.FramesOf(person) >= LeastFrames)];
        var parts = files.RootOf(Names) is { } root ? Named(draft, root + Names, split, films) : SplitTable.Read(draft, files.RootOf(Table) + Table, split, usable);
        if (parts is var (trained, tested))
        {
            films.Add(trained, tested);
            string[] others = [.. films.Persons.Except(trained).Except(tested)];
            films.LeaveOut(others);
            draft.Findings.Add(
                FindingSeverity.Note, "persons-left-out", $"persons are in no split: seen by one camera only, or on fewer than {LeastFrames} frames by one", others.Length, others);
        }

        return draft;
    }

    private static (string[] Trained, string[] Tested)? Named(ManifestDraft draft, string path, int split, TwoCameraFilms films)
    {
        try
        {
            using var json = JsonDocument.Parse(draft.Files.Read(path, IngestLimits.Json));
            var listed = json.RootElement;
            if (listed.ValueKind != JsonValueKind.Array || listed.GetArrayLength() < split)
            {
                Fault(draft, $"{path}: is not a list of at least {split} splits");
                return null;
            }

            var seen = new HashSet<string>(StringComparer.Ordinal);
            var (trained, tested) = (Persons("train"), Persons("test"));
            return trained is null || tested is null ? null : (trained, tested);

            string[]? Persons(string part)
            {
                if (listed[split - 1].ValueKind != JsonValueKind.Object || !listed[split - 1].TryGetProperty(part, out var names) || names.ValueKind != JsonValueKind.Array)
                {
                    Fault(draft, $"{path} split {split}: has no list '{part}'");
                    return null;
                }

                var persons = new List<string>();
                foreach (var (place, name) in names.EnumerateArray().Index())
                {
                    var person = name.ValueKind == JsonValueKind.String ? name.GetString()! : name.GetRawText();
                    if (films.FramesOf(person) == 0)
                    {
                        Fault(draft, $"{path} split {split}, {part} {place + 1}: '{person}' has no film in both cameras");
                    }
                    else if (!seen.Add(person))
                    {
                        Fault(draft, $"{path} split {split}, {part} {place + 1}: '{person}' is there twice");
                    }
                    else
                    {
                        persons.Add(person);
                    }
                }

                return [.. persons];
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            Fault(draft, $"{path}: is not a JSON list of splits ({exception.Message})");
            return null;
        }
    }

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(FindingSeverity.Error, "prid-splits", "the list of splits does not fit the films: take both of one release", where);
}
