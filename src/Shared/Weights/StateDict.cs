using ReidCloud.Pickles;

namespace ReidCloud.Weights;

/// <summary>Tensors by name, from whatever a file wraps around them, and what was taken off.</summary>
internal sealed record StateDict(IReadOnlyList<(string Name, PickleTensor Tensor)> Tensors, IReadOnlyList<string> Notes)
{
    private const int MostWraps = 4;
    private const int MostNamed = 8;

    /// <summary>Under these names training programs keep the network beside what else they save; the first that is there counts.</summary>
    private static readonly string[] Wraps = ["state_dict", "model_state_dict", "model", "net", "network"];

    /// <summary>AlignedReID's `ckpt.pth` lists its networks under this name, then their optimizers (its spec §9).</summary>
    private const string ListedWrap = "state_dicts";

    /// <exception cref="WeightsException">No dictionary of tensors is in it, or it cannot be told which is meant.</exception>
    public static StateDict Of(object? saved, string file)
    {
        var notes = new List<string>();
        var looked = new Dictionary<PickleDict, bool>();
        if (saved is not PickleDict dict)
        {
            throw Fault(file, TensorOf(saved) is not null ? "it holds one tensor without a name" : "it holds no dictionary of tensors");
        }

        for (var wraps = 0; Inner(dict, file, looked) is var (key, inner, note); wraps++)
        {
            if (wraps == MostWraps)
            {
                throw Fault(file, $"dictionaries are nested more than {MostWraps} deep");
            }

            var beside = dict.Items.Select(item => item.Key).OfType<string>().Where(name => name != key && !key.StartsWith($"{name}[", StringComparison.Ordinal)).ToList();
            notes.Add($"taken from '{WeightsNames.Shown(key)}'{note}{(beside.Count > 0 ? $"; beside it and not used: {List(beside)}" : "")}");
            dict = inner;
        }

        return new StateDict(TensorsIn(dict, file, notes), notes);
    }

    /// <summary>The dictionary in which the tensors are, if they are not here.</summary>
    /// <param name="looked">Whether a dictionary has tensors. The same one can be there under any number of names, and is looked through once.</param>
    private static (string Key, PickleDict Dict, string Note)? Inner(PickleDict dict, string file, Dictionary<PickleDict, bool> looked)
    {
        foreach (var wrap in Wraps)
        {
            if (dict.TryGet(wrap, out var value) && value is PickleDict known && known != dict)
            {
                return (wrap, known, "");
            }
        }

        if (dict.TryGet(ListedWrap, out var listed) && listed is List<object?> { Count: > 0 } all && all[0] is PickleDict first && HasTensors(first))
        {
            var networks = all.TakeWhile(item => item is PickleDict of && HasTensors(of)).Count();
            return ($"{ListedWrap}[0]", first, networks > 1 ? $", the first of {networks} networks" : "");
        }

        if (HasTensors(dict))
        {
            return null;
        }

        var inside = dict.Items.Where(item => item is { Key: string, Value: PickleDict inner } && HasTensors(inner)).ToList();
        return inside switch
        {
            [] => null,
            [({ } key, { } value)] => ((string)key, (PickleDict)value, ""),
            _ => throw Fault(file, $"tensors are in several dictionaries of it ({List(inside.Select(item => (string)item.Key!))}) and it cannot be told which is the network"),
        };

        bool HasTensors(PickleDict of)
        {
            if (!looked.TryGetValue(of, out var has))
            {
                looked.Add(of, has = of.Items.Any(entry => TensorOf(entry.Value) is not null));
            }

            return has;
        }
    }

    private static List<(string Name, PickleTensor Tensor)> TensorsIn(PickleDict dict, string file, List<string> notes)
    {
        var tensors = new List<(string Name, PickleTensor Tensor)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var other = new List<string>();
        foreach (var (key, value) in dict.Items)
        {
            if (TensorOf(value) is not { } tensor)
            {
                other.Add(key as string ?? "(no text)");
            }
            else if (key is not string name || !WeightsNames.IsGood(name))
            {
                throw Fault(file, $"a tensor's name is no text of at most {WeightsNames.Longest} plain characters");
            }
            else if (!names.Add(name))
            {
                throw Fault(file, $"two tensors are called '{name}'");
            }
            else
            {
                tensors.Add((name, tensor));
            }
        }

        if (tensors.Count == 0)
        {
            throw Fault(file, "no tensor is in it");
        }

        if (other.Count > 0)
        {
            notes.Add($"no tensors and not used: {List(other)}");
        }

        return tensors;
    }

    private static PickleTensor? TensorOf(object? value) => value as PickleTensor ?? (value as PickleParameter)?.Tensor;

    private static string List(IEnumerable<string> names)
    {
        var all = names.Select(WeightsNames.Shown).ToList();
        return string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? $" and {all.Count - MostNamed} more" : "");
    }

    private static WeightsException Fault(string file, string what) => new($"{file}: {what}. {WeightsException.SaveAgain}");
}
