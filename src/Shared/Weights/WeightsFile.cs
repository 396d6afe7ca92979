using System.Buffers.Binary;
using System.Text.Json.Serialization;
using ReidCloud.Pickles;

namespace ReidCloud.Weights;

/// <summary>How tensors are stored in a file.</summary>
public enum WeightsFormat
{
    Safetensors,

    /// <summary>torch.save since 1.6: a zip with a pickle and a file a storage.</summary>
    [JsonStringEnumMemberName("pytorch-zip")] PytorchZip,

    /// <summary>torch.save from February 2017 to 1.5: pickles in sequence, then the storages.</summary>
    [JsonStringEnumMemberName("pytorch-legacy")] PytorchLegacy,

    /// <summary>torch.save before that, as torchvision's first ImageNet networks are: a tar of storages, tensors and a pickle.</summary>
    [JsonStringEnumMemberName("pytorch-tar")] PytorchTar,
}

/// <summary>The tensors of a weights file, found without reading them, and what was understood on the way.</summary>
public sealed record WeightsFile(WeightsFormat Format, IReadOnlyList<StoredTensor> Tensors, IReadOnlyList<string> Notes)
{
    /// <summary>Longer ones are refused: the largest network here has 0.2 GiB.</summary>
    public const long MaxLength = 4L << 30;

    /// <summary>A tenth of a megabyte in real ones.</summary>
    private const int LongestHeader = 8 << 20;
    private const int TarMagicOffset = 257;
    private const string RunCheckpointFormat = "reidcloud-checkpoint-1";

    /// <param name="file">Seekable.</param>
    /// <param name="name">What the file is called in messages.</param>
    /// <exception cref="WeightsException">It is none that can be used; why, where, and what to do.</exception>
    public static WeightsFile Read(Stream file, string name)
    {
        if (file.Length is 0 or > MaxLength)
        {
            throw new WeightsException($"{name} has {file.Length} bytes; weights files have 1 to {MaxLength}. {WeightsException.UploadAgain}");
        }

        try
        {
            return Open(file, name);
        }
        catch (EndOfStreamException fault)
        {
            throw new WeightsException($"{name} is truncated. {WeightsException.UploadAgain}", fault);
        }
    }

    private static WeightsFile Open(Stream file, string name)
    {
        var head = new byte[TarMagicOffset + 5];
        file.Position = 0;
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> known = head.AsSpan(0, length);
        if (BeginsSafetensors(known))
        {
            return ReadSafetensors(file, name);
        }

        if (known.StartsWith("PK"u8))
        {
            return PytorchZip.Read(file, name);
        }

        if (known.StartsWith((ReadOnlySpan<byte>)[0x80]))
        {
            return PytorchLegacy.Read(file, name);
        }

        if (known.Length == head.Length && known[TarMagicOffset..].SequenceEqual("ustar"u8))
        {
            return PytorchTar.Read(file, name);
        }

        throw new WeightsException($"{name} is neither safetensors nor a file of torch.save. {WeightsException.SaveAgain}");
    }

    /// <summary>
    /// Asked first: a header's length can begin with any two bytes, those of a zip or a pickle too, but no zip or pickle has a length that a file could
    /// have and then a brace.
    /// </summary>
    private static bool BeginsSafetensors(ReadOnlySpan<byte> head) =>
        head.Length > sizeof(ulong) && head[sizeof(ulong)] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(head) <= MaxLength;

    private static WeightsFile ReadSafetensors(Stream file, string name)
    {
        file.Position = 0;
        SafetensorsHeader header;
        try
        {
            header = SafetensorsHeader.Read(file, LongestHeader);
        }
        catch (InvalidDataException fault)
        {
            throw new WeightsException($"{name}: {fault.Message}. {WeightsException.UploadAgain}", fault);
        }

        if (header.Metadata.GetValueOrDefault("format") == RunCheckpointFormat)
        {
            throw new WeightsException(
                $"{name} is a run's checkpoint of this system, with its optimizer's state. Name the run itself ({{\"run\": …}}), or make weights of it: reid weights export RUN -o weights.safetensors");
        }

        if (header.Entries.FirstOrDefault(entry => !WeightsNames.IsGood(entry.Name)) is not null)
        {
            throw new WeightsException($"{name}: a tensor's name is no text of at most {WeightsNames.Longest} plain characters. {WeightsException.SaveAgain}");
        }

        if (header.Entries.Count is 0 or > PickleLimits.Tensors)
        {
            throw new WeightsException($"{name} holds {header.Entries.Count} tensors; wanted are 1 to {PickleLimits.Tensors}. {WeightsException.SaveAgain}");
        }

        var data = file.Position;
        return Stripped(
            WeightsFormat.Safetensors,
            [.. header.Entries.Select(entry => SafetensorsHeader.Locate(entry, data))],
            []);
    }

    /// <summary>From a state dict whose storages begin at these bytes of the file.</summary>
    internal static WeightsFile Of(WeightsFormat format, StateDict dict, IReadOnlyDictionary<string, long> storages) => Stripped(
        format,
        [.. dict.Tensors.Select(entry => At(entry.Name, entry.Tensor, storages[entry.Tensor.Storage.Key]))],
        dict.Notes);

    private static WeightsFile Stripped(WeightsFormat format, IReadOnlyList<StoredTensor> tensors, IReadOnlyList<string> notes)
    {
        var prefix = WeightsNames.SharedPrefix([.. tensors.Select(tensor => tensor.Name)]);
        return prefix.Length == 0
            ? new WeightsFile(format, tensors, notes)
            : new WeightsFile(format, [.. tensors.Select(tensor => tensor with { Name = tensor.Name[prefix.Length..] })], [.. notes, $"'{prefix}' was taken off every name"]);
    }

    private static StoredTensor At(string name, PickleTensor tensor, long storage)
    {
        var bytes = tensor.Type.Bytes();
        var last = tensor.Shape.Contains(0) ? -1 : tensor.Shape.Zip(tensor.Strides).Sum(axis => (axis.First - 1) * axis.Second);
        return new StoredTensor(name, tensor.Type, tensor.Shape, tensor.Strides, storage + (tensor.Offset * bytes), (last + 1) * bytes);
    }
}
