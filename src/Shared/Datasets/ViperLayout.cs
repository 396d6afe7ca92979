using System.Globalization;
using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>
/// VIPeR (Gray et al., PETS 2007): folders cam_a and cam_b with one image of each person, the person's number first in its name: 001_45.bmp and 001_90.bmp. One half of the persons is for
/// training; of the other half camera a is searched for in camera b. No list of halves was published; publications draw ten. Here split k is the k-th shuffle of the persons, in order of
/// their numbers, by NumPy's first generator from seed 1, its first half for training: the rule of torchreid, which seeds it with 1 unless told otherwise. So figures compare with
/// others' only as means over the ten.
/// </summary>
public sealed partial class ViperLayout : DatasetLayout
{
    private const string First = "cam_a/";
    private const string Second = "cam_b/";
    private const uint Seed = 1;

    public override string Name => "viper";

    public override IReadOnlyList<string> Variants => SplitVariants.Names;

    public override PublishedCounts Published { get; } = new(
        new PublishedSplit(316, 632, 632, 2, 0), new PublishedSplit(316, 316, 316, 1, 0), new PublishedSplit(316, 316, 316, 1, 0));

    public override IReadOnlyList<string> Lacks(FileListing files) =>
        [.. new[] { (First, "001_45.bmp"), (Second, "001_90.bmp") }.Where(folder => !Images(files, folder.Item1).Any()).Select(folder => folder.Item1 + folder.Item2)];

    public override ManifestDraft Read(FileListing files) => Read(files, null);

    public override ManifestDraft Read(FileListing files, string? variant)
    {
        var draft = new ManifestDraft(files);
        var (first, second) = (Persons(draft, First), Persons(draft, Second));
        foreach (var (person, file) in first.Where(person => !second.ContainsKey(person.Key)).Concat(second.Where(person => !first.ContainsKey(person.Key))))
        {
            draft.Findings.Add(FindingSeverity.Error, "one-camera-person", "persons are in one of the two cameras only: take the whole set", files.Files[file].Name);
        }

        string[] persons = [.. first.Keys.Where(second.ContainsKey).OrderBy(person => int.Parse(person, CultureInfo.InvariantCulture)).ThenBy(person => person, StringComparer.Ordinal)];
        var drawn = Enumerable.Range(0, persons.Length).ToArray();
        var random = new NumpyRandom(Seed);
        for (var split = SplitVariants.NumberOf(variant); split > 0; split--)
        {
            // Each is a shuffle of the persons in order, not of the one before.
            drawn = [.. drawn.Order()];
            random.Shuffle(drawn.AsSpan());
        }

        foreach (var (place, person) in drawn.Index())
        {
            var isTrained = place < persons.Length / 2;
            draft.Add(isTrained ? Split.Train : Split.Query, persons[person], new Camera("a"), [first[persons[person]]]);
            draft.Add(isTrained ? Split.Train : Split.Gallery, persons[person], new Camera("b"), [second[persons[person]]]);
        }

        return draft;
    }

    private static Dictionary<string, int> Persons(ManifestDraft draft, string folder)
    {
        var persons = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (person, file) in Images(draft.Files, folder))
        {
            if (!persons.TryAdd(person, file))
            {
                draft.Findings.Add(FindingSeverity.Error, "person-twice", "persons have several images in a camera: take the authors' files", draft.Files.Files[file].Name);
            }
        }

        return persons;
    }

    private static IEnumerable<(string Person, int File)> Images(FileListing files, string folder)
    {
        if (files.RootOf(folder) is not { } root)
        {
            yield break;
        }

        var (from, count) = files.Under(root + folder).GetOffsetAndLength(files.Files.Count);
        for (var file = from; file < from + count; file++)
        {
            if (Pattern.Match(files.Files[file].Name[(root + folder).Length..]) is { Success: true } match)
            {
                yield return (match.Groups[1].Value, file);
            }
        }
    }

    [GeneratedRegex(@"^([0-9]{3,4})_[0-9]{1,3}\.(?:bmp|png|jpg|jpeg)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
