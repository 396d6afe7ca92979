using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>A split of CUHK03's classic protocol: every crop of its test identities is query and gallery; all other identities, of all five camera pairs, are for training.</summary>
internal static class Cuhk03Classic
{
    /// <param name="folder">Of the crops, with its '/'.</param>
    /// <param name="list">The path of <see cref="Cuhk03Layout.TestSets"/>.</param>
    public static void Read(ManifestDraft draft, string folder, string list, int split)
    {
        var tested = Tested(draft, list, split);
        var found = new HashSet<(int, int)>();
        var (from, count) = draft.Files.Under(folder).GetOffsetAndLength(draft.Files.Files.Count);
        for (var file = from; file < from + count; file++)
        {
            if (!Cuhk03Name.TryParse(draft.Files.Files[file].Name, out var name))
            {
                continue;
            }

            var isTested = tested.ContainsKey((name.Pair, name.Person));
            found.Add((name.Pair, name.Person));
            var (identity, camera) = (name.Identity.ToString("D4", CultureInfo.InvariantCulture), new Camera(name.Camera.ToString(CultureInfo.InvariantCulture)));
            foreach (var part in isTested ? [Split.Query, Split.Gallery] : new[] { Split.Train })
            {
                draft.Add(part, identity, camera, [file]);
            }
        }

        foreach (var ((pair, person), line) in tested.Where(pair => !found.Contains(pair.Key)))
        {
            draft.Findings.Add(
                FindingSeverity.Error, "missing-file", "the protocol names files that are not there: upload them too", $"{list} line {line}: person {person} of pair {pair} has no crop in {folder}");
        }
    }

    /// <summary>Who, and in which line.</summary>
    private static Dictionary<(int Pair, int Person), int> Tested(ManifestDraft draft, string list, int split)
    {
        var tested = new Dictionary<(int, int), int>();
        foreach (var (place, text) in draft.Files.ReadLines(list).Index())
        {
            var numbers = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length == 0)
            {
                continue;
            }

            if (numbers.Length != 3 || Number(numbers[0], Cuhk03Layout.Splits) is not { } of || Number(numbers[1], Cuhk03Name.Persons.Count) is not { } pair
                || Number(numbers[2], Cuhk03Name.Persons[pair - 1]) is not { } person)
            {
                Fault(draft, $"{list} line {place + 1}: '{text}' is not a split (1 to {Cuhk03Layout.Splits}), a camera pair and a person of it");
            }
            else if (of == split && !tested.TryAdd((pair, person), place + 1))
            {
                Fault(draft, $"{list} line {place + 1}: person {person} of pair {pair} is in split {split} twice");
            }
        }

        if (tested.Count == 0)
        {
            Fault(draft, $"{list} has no line of split {split}");
        }

        return tested;
    }

    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : null;

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(FindingSeverity.Error, "cuhk03-testsets", "lines of the classic splits cannot be used: each is a split, a camera pair and a person, from 1", where);
}
