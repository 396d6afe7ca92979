using ReidCloud.Pickles;

namespace ReidCloud.Datasets;

/// <summary>What AlignedReID's partitions.pkl says (spec §12): lists of names and of marks, and which label an identity has. Only what is asked for is read.</summary>
internal sealed class Partitions
{
    private const long Longest = 32 << 20;

    /// <summary>Python's lists may hold themselves, and one many times.</summary>
    private const int MostItems = 2_000_000;

    private readonly Dictionary<string, object?> _members;

    private Partitions(PickleDict dict) =>
        _members = dict.Items.Where(item => item.Key is string).GroupBy(item => (string)item.Key!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Keys => _members.Keys;

    /// <exception cref="DatasetException">It is no pickle of lists and dictionaries.</exception>
    public static Partitions Read(FileListing files, string name) => Read(new MemoryStream(files.Read(name, Longest)), name);

    public static Partitions Read(Stream content, string name)
    {
        var (names, place) = (new NumpyObjects(), ForeignText.Shown(name));
        var value = PickleReader.Read(new ByteCursor(content, 0, content.Length, place, names.Fault), place, names);
        return value is PickleDict dict ? new Partitions(dict) : throw names.Fault($"{place} holds no dictionary.");
    }

    /// <summary>A dictionary in it, or null.</summary>
    public Partitions? Part(string key) => _members.GetValueOrDefault(key) is PickleDict dict ? new Partitions(dict) : null;

    /// <summary>A list of texts, or null where there is none of that name.</summary>
    /// <exception cref="DatasetException">It is something else.</exception>
    public IReadOnlyList<string>? Names(string key) => List(key, item => item as string, "a list of names");

    /// <inheritdoc cref="Names"/>
    public IReadOnlyList<long>? Numbers(string key) => List<long?>(key, item => item switch { long number => number, bool flag => flag ? 1 : 0, _ => null }, "a list of whole numbers")?.Select(number => number!.Value).ToList();

    /// <summary>Labels by identity, or null where there are none of that name.</summary>
    public IReadOnlyDictionary<long, long>? Labels(string key)
    {
        if (!_members.TryGetValue(key, out var value))
        {
            return null;
        }

        var labels = new Dictionary<long, long>();
        foreach (var (identity, label) in (value as PickleDict ?? throw Fault(key, "a dictionary of whole numbers")).Items)
        {
            if (identity is not long number || label is not long of)
            {
                throw Fault(key, "a dictionary of whole numbers");
            }

            labels[number] = of;
        }

        return labels;
    }

    private List<T>? List<T>(string key, Func<object?, T?> read, string what)
    {
        if (!_members.TryGetValue(key, out var value))
        {
            return null;
        }

        var items = value switch
        {
            List<object?> { Count: <= MostItems } list => list,
            PickleTuple { Items.Length: <= MostItems } tuple => tuple.Items,
            NumpyArray { Count: <= MostItems } array => array.Items(),
            _ => throw Fault(key, what),
        };
        var found = new List<T>();
        foreach (var item in items)
        {
            found.Add(read(item) ?? throw Fault(key, what));
        }

        return found;
    }

    private static DatasetException Fault(string key, string what) =>
        new(new Finding(FindingSeverity.Error, "bad-partitions", $"partitions.pkl: '{ForeignText.Shown(key)}' is not {what}, at most {MostItems}. Take the authors' file, or write it anew", 1, [key]));
}
