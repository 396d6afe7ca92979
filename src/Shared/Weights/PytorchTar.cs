using System.Globalization;
using ReidCloud.Pickles;

namespace ReidCloud.Weights;

/// <summary>
/// What torch.save wrote until February 2017 (PyTorch pull request 713), torchvision's first ImageNet networks among it (resnet18-5c106cde.pth): a tar of
/// `storages` (memory, numbers and all), `tensors` (views of it by their keys), `pickle` (the object, in which keys stand for tensors) and `sys_info`.
/// torch/serialization.py, legacy_load.
/// </summary>
internal sealed class PytorchTar
{
    private const string Machine = "sys_info";
    private const string Pickle = "pickle";
    private const string Tensors = "tensors";
    private const string Storages = "storages";

    private readonly Stream _file;
    private readonly string _name;
    private readonly IReadOnlyDictionary<string, (long Begin, long End)> _members;
    private readonly Dictionary<string, PickleStorage> _storages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _begins = new(StringComparer.Ordinal);

    private PytorchTar(Stream file, string name)
    {
        (_file, _name, _members) = (file, name, TarMembers.Read(file, name, [Machine, Pickle, Tensors, Storages]));
        if (((string[])[Pickle, Tensors, Storages]).FirstOrDefault(member => !_members.ContainsKey(member)) is { } absent)
        {
            throw new WeightsException($"{name} is a tar without '{absent}', which torch.save did not write. {WeightsException.SaveAgain}");
        }
    }

    public static WeightsFile Read(Stream file, string name) => new PytorchTar(file, name).Read();

    private WeightsFile Read()
    {
        if (_members.ContainsKey(Machine))
        {
            ReadMachine();
        }

        ReadStorages();
        var tensors = ReadTensors();
        var (bytes, place) = Open(Pickle);
        var dict = StateDict.Of(PickleReader.Read(bytes, place, new PickleNames(tensors)), _name);
        RequireEnd(bytes, place);
        return WeightsFile.Of(WeightsFormat.PytorchTar, dict, _begins);
    }

    private void ReadMachine()
    {
        var (bytes, place) = Open(Machine);
        if (PickleReader.Read(bytes, place, new PickleNames()) is not PickleDict machine || (machine.TryGet("little_endian", out var little) && little is not true))
        {
            throw new WeightsException($"{_name} was written on a machine of another byte order. Save it again on one that has the usual. {WeightsException.SaveAgain}");
        }
    }

    private void ReadStorages()
    {
        var (bytes, place) = Open(Storages);
        var names = new PickleNames();
        var described = 0L;
        for (var left = Count(bytes, place, names); left > 0; left--)
        {
            var at = bytes.Position;
            var description = PickleReader.Read(bytes, place, names);
            described += bytes.Position - at;
            if (described > PickleLimits.Bytes)
            {
                throw Fault(place, at, $"the descriptions of its storages are longer than {PickleLimits.Bytes} bytes, more than any list of weights needs");
            }

            if (description is not PickleTuple { Items: [var id, string, PickleName name] }
                || PickleNames.Key(id) is not { } key || PickleNames.TypeOfStorage(name) is not { } type)
            {
                throw Fault(place, at, "a storage is not described as PyTorch does");
            }

            var count = (long)bytes.NextUInt64();
            if (count < 0 || count > bytes.Left / type.Bytes())
            {
                throw Fault(place, at, $"a storage of {(ulong)count} numbers, where {bytes.Left} bytes are left: it is truncated or damaged");
            }

            Add(new PickleStorage(key, type, count), bytes.Position, place, at);
            bytes.Skip(count * type.Bytes());
        }

        ReadViews(bytes, place, names);
        RequireEnd(bytes, place);
    }

    /// <summary>Storages that are parts of others.</summary>
    private void ReadViews(ByteCursor bytes, string place, PickleNames names)
    {
        var at = bytes.Position;
        if (PickleReader.Read(bytes, place, names) is not List<object?> { Count: <= PickleLimits.Tensors } views)
        {
            throw Fault(place, at, $"no list of at most {PickleLimits.Tensors} views of storages");
        }

        foreach (var view in views)
        {
            if (view is not PickleTuple { Items: [var id, var rootId, long offset, long count] } || PickleNames.Key(id) is not { } key
                || PickleNames.Key(rootId) is not { } rootKey || !_storages.TryGetValue(rootKey, out var root)
                || offset < 0 || count < 0 || offset > root.Count || count > root.Count - offset)
            {
                throw Fault(place, at, "a view of a storage does not lie in it");
            }

            Add(new PickleStorage(key, root.Type, count), _begins[rootKey] + (offset * root.Type.Bytes()), place, at);
        }
    }

    private Dictionary<string, PickleTensor> ReadTensors()
    {
        var (bytes, place) = Open(Tensors);
        var names = new PickleNames();
        var tensors = new Dictionary<string, PickleTensor>(StringComparer.Ordinal);
        for (var left = Count(bytes, place, names); left > 0; left--)
        {
            var at = bytes.Position;
            if (PickleReader.Read(bytes, place, names) is not PickleTuple { Items: [var id, var storageId, PickleName type] }
                || PickleNames.Key(id) is not { } key || PickleNames.Key(storageId) is not { } storageKey || !_storages.TryGetValue(storageKey, out var storage)
                || PickleNames.TypeOfTensor(type) != storage.Type)
            {
                throw Fault(place, at, "a tensor is not described as PyTorch does, or its storage is not there");
            }

            var dimensions = bytes.NextInt32();
            if (dimensions is < 0 or > PickleLimits.Dimensions)
            {
                throw Fault(place, at, $"a tensor of {dimensions} dimensions, where at most {PickleLimits.Dimensions} are read");
            }

            // The count of dimensions was once written in eight bytes.
            bytes.Skip(sizeof(int));
            var (shape, strides) = (Numbers(bytes, dimensions), Numbers(bytes, dimensions));
            if (!tensors.TryAdd(key, names.Tensor(storage, storage.Type, (long)bytes.NextUInt64(), shape, strides, $"{place}, byte {at}")))
            {
                throw Fault(place, at, "two tensors have the same key");
            }
        }

        RequireEnd(bytes, place);
        return tensors;
    }

    private void Add(PickleStorage storage, long begin, string place, long at)
    {
        if (!_storages.TryAdd(storage.Key, storage))
        {
            throw Fault(place, at, "two storages have the same key");
        }

        _begins.Add(storage.Key, begin);
    }

    private (ByteCursor Bytes, string Place) Open(string member)
    {
        var (begin, end) = _members[member];
        var place = $"{_name}, {member}";
        return member == Storages || end - begin <= PickleLimits.Bytes
            ? (new ByteCursor(_file, begin, end, place, WeightsException.Cut), place)
            : throw new WeightsException($"{place}: it has {end - begin} bytes; at most {PickleLimits.Bytes} are read. {WeightsException.SaveAgain}");
    }

    private static long Count(ByteCursor bytes, string place, PickleNames names)
    {
        var at = bytes.Position;
        return PickleReader.Read(bytes, place, names) is long count and >= 0 and <= PickleLimits.Tensors
            ? count
            : throw Fault(place, at, $"it does not begin with a count of at most {PickleLimits.Tensors}");
    }

    private static long[] Numbers(ByteCursor bytes, int count)
    {
        var numbers = new long[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = (long)bytes.NextUInt64();
        }

        return numbers;
    }

    private static void RequireEnd(ByteCursor bytes, string place)
    {
        if (bytes.Left > 0)
        {
            throw Fault(place, bytes.Position, $"{bytes.Left} bytes stand behind its end");
        }
    }

    private static WeightsException Fault(string place, long at, string what) => new($"{place}, byte {at}: {what}. {WeightsException.SaveAgain}");
}
