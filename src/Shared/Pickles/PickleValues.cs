namespace ReidCloud.Pickles;

// What any pickle can hold. Beside these: null for None, bool, long, double, string, byte[] and List<object?>. They are compared by reference.

/// <summary>A fixed sequence of values.</summary>
internal sealed class PickleTuple(object?[] items)
{
    public static PickleTuple Empty { get; } = new([]);

    public object?[] Items { get; } = items;
}

/// <summary>A dictionary, ordered or not, as the list of what was put into it.</summary>
internal sealed class PickleDict
{
    public List<(object? Key, object? Value)> Items { get; } = [];

    public bool TryGet(string key, out object? value)
    {
        foreach (var (name, found) in Items)
        {
            if (name is string text && text == key)
            {
                value = found;
                return true;
            }
        }

        value = null;
        return false;
    }
}

/// <summary>A name that stands for itself; there is nothing behind it.</summary>
internal sealed record PickleName(string Name);
