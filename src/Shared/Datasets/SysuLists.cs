using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>
/// Who is in which part of SYSU-MM01: exp/train_id, val_id and test_id, and available_id, who is valid at all. Each is a MATLAB file with a row `id`, or a text of numbers with commas between them, or both,
/// which then must say the same.
/// </summary>
internal sealed record SysuLists(IReadOnlyList<int> Train, IReadOnlyList<int> Validation, IReadOnlyList<int> Test)
{
    private const int HighestIdentity = 9999;
    private static readonly string[] Needed = ["train_id", "val_id", "test_id"];
    private const string Available = "available_id";

    public static IReadOnlyList<string> Lacks(FileListing files) =>
        [.. Needed.Where(list => PathOf(files, list, "mat") is null && PathOf(files, list, "txt") is null).Select(list => $"exp/{list}.mat or exp/{list}.txt")];

    /// <summary>Each in ascending order; null where one cannot be used, and then the draft has an error.</summary>
    public static SysuLists? Read(ManifestDraft draft)
    {
        var lists = Needed.Select(list => Read(draft, list)).ToArray();
        var available = PathOf(draft.Files, Available, "mat") is not null || PathOf(draft.Files, Available, "txt") is not null ? Read(draft, Available)?.ToHashSet() : null;
        if (draft.Findings.HasErrors || lists is not [{ } train, { } validation, { } test])
        {
            return null;
        }

        var owner = new Dictionary<int, string>();
        foreach (var (name, list) in Needed.Zip([train, validation, test]))
        {
            foreach (var identity in list)
            {
                if (!owner.TryAdd(identity, name))
                {
                    Fault(draft, $"exp/{name} and exp/{owner[identity]}: both have {identity}");
                }
                else if (available?.Contains(identity) == false)
                {
                    Fault(draft, $"exp/{name}: {identity} is not in exp/{Available}");
                }
            }
        }

        return draft.Findings.HasErrors ? null : new SysuLists(train, validation, test);
    }

    private static int[]? Read(ManifestDraft draft, string list)
    {
        var table = PathOf(draft.Files, list, "mat") is { } matrix ? Checked(draft, matrix, MatTables.Columns(draft, matrix, "id")?[0]) : null;
        if (PathOf(draft.Files, list, "txt") is not { } text)
        {
            return table;
        }

        var numbers = Checked(draft, text, Numbers(draft, text));
        if (table is not null && numbers is not null && !table.SequenceEqual(numbers))
        {
            Fault(draft, $"exp/{list}: .mat has {table.Length} persons and .txt {numbers.Length}, not the same: first {table.Except(numbers).Concat(numbers.Except(table)).Min()}");
        }

        return numbers;
    }

    private static int[]? Numbers(ManifestDraft draft, string path)
    {
        draft.Known.Add(draft.Files.IndexOf(path));
        var numbers = new List<int>();
        foreach (var word in draft.Files.ReadLines(path).SelectMany(line => line.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || numbers.Count > HighestIdentity)
            {
                Fault(draft, numbers.Count > HighestIdentity ? $"{path}: has more than {HighestIdentity} persons" : $"{path}: '{word}' is no person's number");
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    /// <summary>In ascending order, each once; null where they are no persons' numbers.</summary>
    private static int[]? Checked(ManifestDraft draft, string path, int[]? numbers)
    {
        if (numbers is null)
        {
            return null;
        }

        var sorted = numbers.Order().ToArray();
        var twice = sorted.Zip(sorted.Skip(1)).FirstOrDefault(pair => pair.First == pair.Second).First;
        var fault = sorted.Length == 0 ? "is empty"
            : sorted[0] < 1 || sorted[^1] > HighestIdentity ? $"{(sorted[0] < 1 ? sorted[0] : sorted[^1])} is no person's number, which are from 1 to {HighestIdentity}"
            : twice > 0 ? $"{twice} is there twice"
            : null;
        if (fault is not null)
        {
            Fault(draft, $"{path}: {fault}");
            return null;
        }

        return sorted;
    }

    private static string? PathOf(FileListing files, string list, string kind) => files.RootOf($"exp/{list}.{kind}") is { } root ? $"{root}exp/{list}.{kind}" : null;

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(FindingSeverity.Error, "sysu-lists", "lists of persons contradict each other, or are none: take the authors' exp folder", where);
}
