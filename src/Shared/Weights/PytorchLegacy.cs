using System.Numerics;
using ReidCloud.Pickles;

namespace ReidCloud.Weights;

/// <summary>
/// What torch.save wrote before 1.6: pickles in sequence (a magic number, the protocol, sizes of the machine's types, the object, the keys of its
/// storages), then for each key eight bytes with the count of its numbers, and the numbers. torch/serialization.py, _legacy_load.
/// </summary>
internal static class PytorchLegacy
{
    private const long ProtocolVersion = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    public static WeightsFile Read(Stream file, string name)
    {
        var names = new PickleNames();
        var bytes = new ByteCursor(file, 0, file.Length, name, WeightsException.Cut);
        if (PickleReader.Read(bytes, name, names) is not BigInteger magic || magic != Magic)
        {
            throw new WeightsException($"{name} is a pickle, but none of torch.save. {WeightsException.SaveAgain}");
        }

        if (PickleReader.Read(bytes, name, names) is not ProtocolVersion)
        {
            throw new WeightsException($"{name} is of another version of torch.save's format than {ProtocolVersion}. {WeightsException.SaveAgain}");
        }

        if (PickleReader.Read(bytes, name, names) is not PickleDict machine || !machine.TryGet("little_endian", out var little) || little is not true)
        {
            throw new WeightsException($"{name} was written on a machine of another byte order. Save it again on one that has the usual. {WeightsException.SaveAgain}");
        }

        var dict = StateDict.Of(PickleReader.Read(bytes, name, names), name);
        return WeightsFile.Of(WeightsFormat.PytorchLegacy, dict, Storages(bytes, name, names));
    }

    /// <summary>Where the numbers of each storage begin. All that is mentioned must be there, and nothing else.</summary>
    private static Dictionary<string, long> Storages(ByteCursor bytes, string name, PickleNames names)
    {
        if (PickleReader.Read(bytes, name, new PickleNames()) is not List<object?> keys)
        {
            throw new WeightsException($"{name}: byte {bytes.Position}: the list of storages is missing. {WeightsException.UploadAgain}");
        }

        var begins = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (key is not string text || !names.Mentioned.TryGetValue(text, out var storage) || begins.ContainsKey(text))
            {
                throw new WeightsException($"{name}: byte {bytes.Position}: the list of storages names one that no tensor has, or one twice. {WeightsException.UploadAgain}");
            }

            var at = bytes.Position;
            var count = bytes.NextUInt64();
            if (count != (ulong)storage.Count)
            {
                throw new WeightsException($"{name}, byte {at}: a storage has {count} numbers where its tensors expect {storage.Count}. {WeightsException.UploadAgain}");
            }

            begins.Add(text, bytes.Position);
            bytes.Skip(storage.Count * storage.Type.Bytes());
        }

        if (begins.Count != names.Mentioned.Count || bytes.Left != 0)
        {
            throw new WeightsException(
                $"{name} holds {begins.Count} of {names.Mentioned.Count} storages and {bytes.Left} bytes behind them: it is damaged. {WeightsException.UploadAgain}");
        }

        return begins;
    }
}
