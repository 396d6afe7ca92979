using System.Globalization;
using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>
/// RegDB (Nguyen et al., Sensors 2017): folders Visible and Thermal with a folder of each person (Visible/285/male_back_v_05528_285.bmp), seen by a visible and a thermal camera side by side, and ten random
/// halves of the persons in idx/train_visible_1.txt … idx/test_thermal_10.txt: lines of a path and a label from 0 to 205. Labels count anew in the files of the test, so who it is is taken from the folder. Visible images
/// of the test are queries and thermal ones the gallery. Every image is a tracklet of one; tracklets stand in the order of the lists.
/// </summary>
public sealed partial class RegDbLayout : DatasetLayout
{
    private const string Visible = "Visible/";
    private const string Thermal = "Thermal/";
    private const int HighestLabel = 205;
    private static readonly (string Part, string Sensor)[] Lists = [("train", "visible"), ("train", "thermal"), ("test", "visible"), ("test", "thermal")];

    public override string Name => "regdb";

    public override IReadOnlyList<string> Variants => SplitVariants.Names;

    public override PublishedCounts Published { get; } = new(
        new PublishedSplit(206, 4_120, 4_120, 2, 0), new PublishedSplit(206, 2_060, 2_060, 1, 0), new PublishedSplit(206, 2_060, 2_060, 1, 0));

    public override IReadOnlyList<string> Lacks(FileListing files) =>
    [
        .. new[] { Visible, Thermal }.Where(folder => files.RootOf(folder) is null),
        .. files.RootOf("idx/") is not null && SplitVariants.Names.Any(variant => Lists.All(list => PathOf(files, list, variant) is not null)) ? Array.Empty<string>() : ["idx/train_visible_1.txt"],
    ];

    public override ManifestDraft Read(FileListing files) => Read(files, null);

    public override ManifestDraft Read(FileListing files, string? variant)
    {
        var draft = new ManifestDraft(files);
        draft.Known.UnionWith(SplitVariants.Names.SelectMany(split => Lists.Select(list => PathOf(files, list, split))).OfType<string>().Select(files.IndexOf));
        var split = SplitVariants.NumberOf(variant);
        foreach (var lacking in Lists.Where(list => PathOf(files, list, variant) is null))
        {
            draft.Findings.Add(
                FindingSeverity.Error, "variant-lacks-files", "the variant's lists are not there: add them, or name a variant that has all four", NameOf(lacking, split));
        }

        if (!draft.Findings.HasErrors)
        {
            var seen = new HashSet<int>();
            foreach (var part in Lists.GroupBy(list => list.Part))
            {
                var persons = new Dictionary<int, string>();
                foreach (var list in part)
                {
                    Read(draft, list, PathOf(files, list, variant)!, persons, seen);
                }
            }
        }

        // Persons of other splits only.
        foreach (var folder in new[] { Visible, Thermal })
        {
            var (from, count) = files.Under(files.RootOf(folder) + folder).GetOffsetAndLength(files.Files.Count);
            draft.Known.UnionWith(Enumerable.Range(from, count).Where(file => Pattern.IsMatch(files.Files[file].Name)));
        }

        return draft;
    }

    /// <param name="persons">Who is meant by a label, in the lists of this part.</param>
    /// <param name="seen">Images that a list has.</param>
    private static void Read(ManifestDraft draft, (string Part, string Sensor) list, string path, Dictionary<int, string> persons, HashSet<int> seen)
    {
        var isVisible = list.Sensor == "visible";
        var folder = isVisible ? Visible : Thermal;
        var root = draft.Files.RootOf(folder);
        var camera = new Camera(list.Sensor, isVisible ? Modality.Visible : Modality.Infrared);
        var split = list.Part == "train" ? Split.Train : isVisible ? Split.Query : Split.Gallery;
        foreach (var (place, line) in draft.Files.ReadLines(path).Index().Where(line => !string.IsNullOrWhiteSpace(line.Item)))
        {
            var where = $"{path} line {place + 1}";
            var end = line.TrimEnd().LastIndexOf(' ');
            if (end < 0 || !int.TryParse(line.AsSpan(end + 1).TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var label))
            {
                Fault(draft, $"{where}: '{line}' is not a path, a space and a label");
                continue;
            }

            var name = line[..end].TrimEnd();
            var match = Pattern.Match(name);
            if (label > HighestLabel)
            {
                Fault(draft, $"{where}: label {label} is not from 0 to {HighestLabel}");
            }
            else if (!match.Success || !name.StartsWith(folder, StringComparison.Ordinal))
            {
                Fault(draft, $"{where}: '{name}' is no image in {folder}, such as {folder}285/male_back_{(isVisible ? 'v' : 't')}_05528_285.bmp");
            }
            else if (draft.Files.IndexOf(root + name) is var file && file < 0)
            {
                draft.Findings.Add(FindingSeverity.Error, "missing-file", "the protocol names files that are not there: upload them too", $"{root}{name} ({where})");
            }
            else if (!seen.Add(file))
            {
                Fault(draft, $"{where}: '{name}' is in a list of this split already");
            }
            else if (!persons.TryAdd(label, match.Groups[1].Value) && persons[label] != match.Groups[1].Value)
            {
                Fault(draft, $"{where}: label {label} is person {persons[label]} in a line before, and {match.Groups[1].Value} here");
            }
            else
            {
                draft.Add(split, match.Groups[1].Value, camera, [file]);
            }
        }
    }

    private static string? PathOf(FileListing files, (string, string) list, string? variant) =>
        NameOf(list, SplitVariants.NumberOf(variant)) is var name && files.RootOf(name) is { } root ? root + name : null;

    private static string NameOf((string Part, string Sensor) list, int split) => string.Create(CultureInfo.InvariantCulture, $"idx/{list.Part}_{list.Sensor}_{split}.txt");

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(FindingSeverity.Error, "regdb-lists", "lines of the lists contradict the files or each other: take files and lists of one release", where);

    /// <summary>In one of the two folders, a person's and an image that is not hidden.</summary>
    [GeneratedRegex(@"(?:^|/)(?:Visible|Thermal)/([0-9]{1,6})/[^./][^/]*\.(?:bmp|png|jpg|jpeg)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
