namespace ReidCloud.Weights;

/// <summary>
/// The closed list of names in pickles of tensors, what calling each gives, and the storages that they mention. What is not on this page is refused.
/// From torch/_utils.py, torch/_tensor.py and torch/serialization.py, 0.4 to 2.9.
/// </summary>
internal sealed class PickleNames
{
    private static readonly Dictionary<string, TensorType> Dtypes = Enum.GetValues<TensorType>().ToDictionary(type => $"torch.{type.DtypeName()}", StringComparer.Ordinal);

    /// <summary>Memory whose type each of its tensors says counts in bytes.</summary>
    private static readonly Dictionary<string, TensorType> Storages = Enum.GetValues<TensorType>().ToDictionary(type => $"torch.{type.StorageName()}", StringComparer.Ordinal)
        .Concat(((string[])["torch.UntypedStorage", "torch.storage.UntypedStorage", "torch.storage._UntypedStorage"]).Select(name => KeyValuePair.Create(name, TensorType.UInt8)))
        .ToDictionary(StringComparer.Ordinal);

    private static readonly HashSet<string> Callable =
    [
        "collections.OrderedDict",
        "collections.Counter",
        "torch._utils._rebuild_tensor",
        "torch._utils._rebuild_tensor_v2",
        "torch._utils._rebuild_tensor_v3",
        "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_parameter_with_state",
        "torch.nn.parameter.Parameter",
        "torch.Size",
        "torch.device",
    ];

    private readonly Dictionary<string, PickleStorage> _storages = new(StringComparer.Ordinal);
    private int _tensors;
    private int _pairs;

    /// <summary>Every storage that was mentioned.</summary>
    public IReadOnlyDictionary<string, PickleStorage> Mentioned => _storages;

    /// <exception cref="WeightsException">The name is not on the list.</exception>
    public PickleName Name(string name, string place) => Callable.Contains(name) || Dtypes.ContainsKey(name) || Storages.ContainsKey(name)
        ? new PickleName(name)
        : throw new WeightsException($"{place}: the file asks for {WeightsNames.Shown(name)}, which is no part of a list of tensors; nothing was executed. {WeightsException.SaveAgain}");

    /// <summary>What Python would get by calling that name with these arguments.</summary>
    public object? Call(string name, object?[] arguments, string place) => (name, arguments) switch
    {
        ("collections.OrderedDict" or "collections.Counter", []) => new PickleDict(),
        ("collections.OrderedDict", [List<object?> pairs]) => DictOf(pairs, place),
        ("collections.Counter", [PickleDict counts]) => counts,
        ("torch._utils._rebuild_tensor", [PickleStorage storage, var offset, var shape, var strides]) =>
            Tensor(storage, storage.Type, offset, shape, strides, place),
        ("torch._utils._rebuild_tensor_v2", [PickleStorage storage, var offset, var shape, var strides, bool, null or PickleDict, ..]) when arguments.Length <= 7 =>
            Tensor(storage, storage.Type, offset, shape, strides, place),
        ("torch._utils._rebuild_tensor_v3", [PickleStorage storage, var offset, var shape, var strides, bool, null or PickleDict, PickleName dtype, ..])
            when arguments.Length <= 8 && Dtypes.TryGetValue(dtype.Name, out var type) => Tensor(storage, type, offset, shape, strides, place),
        ("torch._utils._rebuild_parameter", [PickleTensor tensor, bool, null or PickleDict]) => tensor,
        ("torch._utils._rebuild_parameter_with_state", [PickleTensor tensor, bool, null or PickleDict, PickleDict]) => tensor,
        ("torch.nn.parameter.Parameter", [PickleTensor] or [PickleTensor, bool]) => arguments[0],
        ("torch.Size", [PickleTuple]) => arguments[0],
        ("torch.device", [string] or [string, long]) => new PickleName(name),
        _ => throw new WeightsException($"{place}: {WeightsNames.Shown(name)} is called with {arguments.Length} arguments in a way that PyTorch does not. {WeightsException.SaveAgain}"),
    };

    /// <summary>A storage from the identity that the file gives it: ('storage', type, key, device, count), in the legacy format with a sixth, None.</summary>
    public PickleStorage Storage(object? identity, string place)
    {
        if (identity is PickleTuple { Items: ["module", ..] })
        {
            throw new WeightsException($"{place}: the file holds a whole network with its program, not only its tensors. {WeightsException.SaveAgain}");
        }

        if (identity is not PickleTuple { Items: ["storage", PickleName type, string key, string, long count, ..] items }
            || items.Length > 6 || (items.Length == 6 && items[5] is not null)
            || !Storages.TryGetValue(type.Name, out var numbers) || key.Length is 0 or > PickleLimits.NameLength || count < 0 || count > long.MaxValue / numbers.Bytes())
        {
            throw new WeightsException($"{place}: a storage is not described as PyTorch does. {WeightsException.SaveAgain}");
        }

        var storage = new PickleStorage(key, numbers, count);
        if (!_storages.TryAdd(key, storage) && _storages[key] != storage)
        {
            throw new WeightsException($"{place}: storage '{WeightsNames.Shown(key)}' is described twice, differently. {WeightsException.SaveAgain}");
        }

        return _storages[key];
    }

    /// <summary>One list can be named in any number of calls, so what comes of them is counted: an honest pickle writes each pair out.</summary>
    private PickleDict DictOf(List<object?> pairs, string place)
    {
        _pairs += pairs.Count;
        if (_pairs > PickleLimits.Opcodes)
        {
            throw new WeightsException($"{place}: dictionaries are made of more pairs than the {PickleLimits.Opcodes} that a pickle can hold. {WeightsException.SaveAgain}");
        }

        var dict = new PickleDict();
        foreach (var pair in pairs)
        {
            dict.Items.Add(pair switch
            {
                List<object?> and [var key, var value] => (key, value),
                PickleTuple { Items: [var key, var value] } => (key, value),
                _ => throw new WeightsException($"{place}: a dictionary is made of something else than pairs. {WeightsException.SaveAgain}"),
            });
        }

        return dict;
    }

    private PickleTensor Tensor(PickleStorage storage, TensorType type, object? offset, object? shape, object? strides, string place)
    {
        if (++_tensors > PickleLimits.Tensors)
        {
            throw new WeightsException($"{place}: more than {PickleLimits.Tensors} tensors. {WeightsException.SaveAgain}");
        }

        return offset is long and >= 0 && Numbers(shape) is { } sizes && Numbers(strides) is { } steps && sizes.Length == steps.Length
            && new PickleTensor(storage, type, (long)offset, sizes, steps) is var tensor && Fits(tensor)
                ? tensor
                : throw new WeightsException(
                    $"{place}: a tensor of shape {Text(shape)} with strides {Text(strides)} from {offset} on does not lie in its storage "
                    + $"'{WeightsNames.Shown(storage.Key)}' of {storage.Count} numbers. {WeightsException.SaveAgain}");
    }

    /// <summary>Whether the last number lies inside, and the tensor does not repeat numbers to seem larger than its storage.</summary>
    private static bool Fits(PickleTensor tensor)
    {
        var held = (Int128)tensor.Storage.Count * tensor.Storage.Type.Bytes() / tensor.Type.Bytes();
        Int128 count = 1, last = tensor.Offset;
        foreach (var (size, stride) in tensor.Shape.Zip(tensor.Strides))
        {
            // Of sixteen dimensions each below 2⁶³ only the first two could be multiplied blindly.
            count = size == 0 || count == 0 ? 0 : Int128.Min(count * size, long.MaxValue);
            last += size == 0 ? 0 : (Int128)(size - 1) * stride;
        }

        return count == 0 ? tensor.Offset <= held : last < held && count <= held;
    }

    /// <summary>The numbers of a tuple that has only numbers from 0 on, else null.</summary>
    private static long[]? Numbers(object? value) =>
        value is PickleTuple { Items: { Length: <= PickleLimits.Dimensions } items } && items.All(item => item is long and >= 0) ? [.. items.Cast<long>()] : null;

    private static string Text(object? shape) =>
        shape is PickleTuple { Items: { Length: <= PickleLimits.Dimensions } items } ? $"({string.Join(", ", items.Select(item => item is long ? item : "?"))})" : "?";
}
