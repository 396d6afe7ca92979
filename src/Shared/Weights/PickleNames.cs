using System.Globalization;
using ReidCloud.Pickles;

namespace ReidCloud.Weights;

/// <summary>
/// The closed list of names in pickles of tensors, what calling each gives, and the storages that they mention. What is not on this page is refused.
/// From torch/_utils.py, torch/_tensor.py and torch/serialization.py up to 2.9, and of the first ones torch/autograd/variable.py.
/// </summary>
/// <param name="keyed">In a tar, the tensors that the pickle names by keys; elsewhere it describes storages.</param>
internal sealed class PickleNames(IReadOnlyDictionary<string, PickleTensor>? keyed = null) : PickleObjects
{
    private const string Parameter = "torch.nn.parameter.Parameter";

    private static readonly Dictionary<string, TensorType> Dtypes = Enum.GetValues<TensorType>().ToDictionary(type => $"torch.{type.DtypeName()}", StringComparer.Ordinal);

    /// <summary>Memory whose type each of its tensors says counts in bytes.</summary>
    private static readonly Dictionary<string, TensorType> Storages = Enum.GetValues<TensorType>().ToDictionary(type => $"torch.{type.StorageName()}", StringComparer.Ordinal)
        .Concat(((string[])["torch.UntypedStorage", "torch.storage.UntypedStorage", "torch.storage._UntypedStorage"]).Select(name => KeyValuePair.Create(name, TensorType.UInt8)))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>The types of tensors of the tar, which says one beside each; nothing is made by them.</summary>
    private static readonly Dictionary<string, TensorType> Tensors = Enum.GetValues<TensorType>()
        .SelectMany(type => ((string[])["torch", "torch.cuda"]).Select(module => ($"{module}.{type.StorageName().Replace("Storage", "Tensor", StringComparison.Ordinal)}", type)))
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
        Parameter,
        "torch.Size",
        "torch.device",
    ];

    private readonly Dictionary<string, PickleStorage> _storages = new(StringComparer.Ordinal);
    private int _tensors;
    private int _pairs;

    /// <summary>Every storage that was mentioned.</summary>
    public IReadOnlyDictionary<string, PickleStorage> Mentioned => _storages;

    /// <exception cref="WeightsException">The name is not on the list.</exception>
    public override PickleName Name(string name, string place) => Callable.Contains(name) || Dtypes.ContainsKey(name) || Storages.ContainsKey(name) || Tensors.ContainsKey(name)
        ? new PickleName(name)
        : throw new WeightsException($"{place}: the file asks for {WeightsNames.Shown(name)}, which is no part of a list of tensors; nothing was executed. {WeightsException.SaveAgain}");

    /// <summary>What Python would get by calling that name with these arguments.</summary>
    public override object? Call(string name, object?[] arguments, string place) => (name, arguments) switch
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
        (Parameter, [PickleTensor] or [PickleTensor, bool]) => arguments[0],
        ("torch.Size", [PickleTuple]) => arguments[0],
        ("torch.device", [string] or [string, long]) => new PickleName(name),
        _ => throw new WeightsException($"{place}: {WeightsNames.Shown(name)} is called with {arguments.Length} arguments in a way that PyTorch does not. {WeightsException.SaveAgain}"),
    };

    /// <summary>An object without a constructor's work: only parameters of PyTorch 0.1 come so, and are filled by what follows.</summary>
    public override PickleParameter New(string name, object?[] arguments, string place) => name == Parameter && arguments.Length == 0
        ? new PickleParameter()
        : throw new WeightsException($"{place}: {WeightsNames.Shown(name)} is made in a way that PyTorch does not (NEWOBJ). {WeightsException.SaveAgain}");

    /// <summary>What a persistent identity stands for.</summary>
    public override object Persistent(object? identity, string place) => keyed is null
        ? Storage(identity, place)
        : Key(identity) is { } key && keyed.TryGetValue(key, out var tensor)
            ? tensor
            : throw new WeightsException($"{place}: the object names a tensor that is not there. {WeightsException.SaveAgain}");

    public override WeightsException Fault(string message) => new($"{message} {WeightsException.SaveAgain}");

    /// <summary>
    /// Attributes of a dictionary, such as a state dict's `_metadata` (versions of its modules), do not concern the tensors. Of a parameter PyTorch 0.1
    /// saved (tensor, gradient, hooks, requires_grad, volatile), then up to 0.3 the last three in another order: torch/_tensor.py, __setstate__.
    /// </summary>
    public override bool Build(object? target, object? state)
    {
        switch (target, state)
        {
            case (PickleDict, PickleDict):
            case (PickleTensor, PickleTuple { Items: [bool, bool, null or PickleDict { Items.Count: 0 }] }):
                return true;
            case (PickleParameter { Tensor: null } parameter, PickleTuple { Items: [PickleTensor tensor, null or PickleTensor, null or PickleDict { Items.Count: 0 }, bool, bool] }):
                parameter.Tensor = tensor;
                return true;
            default:
                return false;
        }
    }

    /// <summary>A key of the tar, where it is a number or its text.</summary>
    public static string? Key(object? identity) => identity switch
    {
        long number => number.ToString(CultureInfo.InvariantCulture),
        string { Length: > 0 and <= PickleLimits.NameLength } text => text,
        _ => null,
    };

    public static TensorType? TypeOfStorage(PickleName name) => Storages.TryGetValue(name.Name, out var type) ? type : null;

    public static TensorType? TypeOfTensor(PickleName name) => Tensors.TryGetValue(name.Name, out var type) ? type : null;

    /// <summary>A storage from the identity that the file gives it: ('storage', type, key, device, count), in the legacy format with a sixth, None.</summary>
    private PickleStorage Storage(object? identity, string place)
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

    private PickleTensor Tensor(PickleStorage storage, TensorType type, object? offset, object? shape, object? strides, string place) =>
        offset is long begin && Numbers(shape) is { } sizes && Numbers(strides) is { } steps
            ? Tensor(storage, type, begin, sizes, steps, place)
            : throw new WeightsException($"{place}: the shape, the strides or the offset of a tensor are not numbers, or more than {PickleLimits.Dimensions}. {WeightsException.SaveAgain}");

    /// <summary>A view of a storage.</summary>
    /// <exception cref="WeightsException">It does not lie in it, or there are too many.</exception>
    public PickleTensor Tensor(PickleStorage storage, TensorType type, long offset, long[] shape, long[] strides, string place)
    {
        if (++_tensors > PickleLimits.Tensors)
        {
            throw new WeightsException($"{place}: more than {PickleLimits.Tensors} tensors. {WeightsException.SaveAgain}");
        }

        return offset >= 0 && shape.All(size => size >= 0) && strides.All(stride => stride >= 0) && shape.Length == strides.Length
            && new PickleTensor(storage, type, offset, shape, strides) is var tensor && Fits(tensor)
                ? tensor
                : throw new WeightsException(
                    $"{place}: a tensor of shape {StoredTensor.TextOf(shape)} with strides {StoredTensor.TextOf(strides)} from {offset} on does not lie in its storage "
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

    private static long[]? Numbers(object? value) =>
        value is PickleTuple { Items: { Length: <= PickleLimits.Dimensions } items } && items.All(item => item is long) ? [.. items.Cast<long>()] : null;
}
