using ReidCloud.Datasets;
using ReidCloud.Pickles;

namespace ReidCloud.Weights;

/// <summary>
/// What torch.save writes since 1.6: a zip with one folder, in it `data.pkl` (the object), `data/KEY` (each storage's numbers, as they are) and
/// `byteorder`. torch/serialization.py, _load.
/// </summary>
internal static class PytorchZip
{
    private const string Pickle = "data.pkl";
    private const int MostOrder = 64;
    private static readonly ArchiveLimits Limits = new(Entries: PickleLimits.Tensors + 100, EntryLength: WeightsFile.MaxLength, TotalLength: WeightsFile.MaxLength, NameLength: 512, Ratio: (int)ArchiveLimits.LargestRatio);

    public static WeightsFile Read(Stream file, string name)
    {
        try
        {
            return Open(file, name);
        }
        catch (ArchiveException fault)
        {
            throw new WeightsException($"{WeightsNames.Printable(fault.Message)} {WeightsException.SaveAgain}", fault);
        }
    }

    private static WeightsFile Open(Stream file, string name)
    {
        var archive = ArchiveIndex.Read(file, name, Limits);
        var entries = archive.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var folder = FolderOf(archive, name);
        if (entries.ContainsKey($"{folder}constants.pkl"))
        {
            throw new WeightsException($"{name} is a TorchScript program, not a list of tensors. {WeightsException.SaveAgain}");
        }

        if (entries.TryGetValue($"{folder}byteorder", out var order) && !Small(archive, order, MostOrder, name).AsSpan().Trim((byte)'\n').SequenceEqual("little"u8))
        {
            throw new WeightsException($"{name} was written on a machine of another byte order. Save it again on one that has the usual. {WeightsException.SaveAgain}");
        }

        var pickle = entries[$"{folder}{Pickle}"];
        using var content = new MemoryStream(Small(archive, pickle, PickleLimits.Bytes, name));
        var place = $"{name}, {WeightsNames.Printable(pickle.Name)}";
        var names = new PickleNames();
        var bytes = new ByteCursor(content, 0, content.Length, place, WeightsException.Cut);
        var dict = StateDict.Of(PickleReader.Read(bytes, place, names), name);
        if (bytes.Left > 0)
        {
            throw new WeightsException($"{place}: {bytes.Left} bytes stand behind its end. {WeightsException.SaveAgain}");
        }

        return WeightsFile.Of(WeightsFormat.PytorchZip, dict, Storages(file, name, folder, entries, dict));
    }

    /// <summary>What is read whole, whether it is long packed or unpacked.</summary>
    private static byte[] Small(ArchiveIndex archive, ArchiveEntry entry, long most, string name)
    {
        var length = Math.Max(entry.Length, entry.CompressedLength);
        return length <= most
            ? archive.Open(entry)
            : throw new WeightsException($"{name}: {WeightsNames.Printable(entry.Name)} has {length} bytes; at most {most} are read. {WeightsException.SaveAgain}");
    }

    private static string FolderOf(ArchiveIndex archive, string name)
    {
        string[] pickles = [.. archive.Entries.Select(entry => entry.Name).Where(entry => entry == Pickle || entry.EndsWith($"/{Pickle}", StringComparison.Ordinal))];
        return pickles is [var only]
            ? only[..^Pickle.Length]
            : throw new WeightsException($"{name} is a zip with {pickles.Length} files {Pickle}, where torch.save writes one. {WeightsException.SaveAgain}");
    }

    /// <summary>Where the numbers of each storage that a tensor of the dictionary has begin.</summary>
    private static Dictionary<string, long> Storages(Stream file, string name, string folder, Dictionary<string, ArchiveEntry> entries, StateDict dict)
    {
        var needed = new List<(PickleStorage Storage, ArchiveEntry Entry)>();
        foreach (var storage in dict.Tensors.Select(tensor => tensor.Tensor.Storage).DistinctBy(storage => storage.Key))
        {
            needed.Add(entries.TryGetValue($"{folder}data/{storage.Key}", out var found)
                ? (storage, found)
                : throw new WeightsException($"{name} lacks data/{WeightsNames.Shown(storage.Key)}, which its tensors need: it is damaged. {WeightsException.UploadAgain}"));
        }

        // A file that is far away is read on from where it was read last.
        var begins = new Dictionary<string, long>(StringComparer.Ordinal);
        Span<byte> header = stackalloc byte[LocalHeader.Length];
        foreach (var (storage, entry) in needed.OrderBy(storage => storage.Entry.Offset))
        {
            if (entry.Encoding != FrameEncoding.Stored)
            {
                throw new WeightsException($"{name}: {WeightsNames.Printable(entry.Name)} is compressed, as torch.save does not; the file was packed again by something else. {WeightsException.SaveAgain}");
            }

            if (entry.Length < storage.Count * storage.Type.Bytes())
            {
                throw new WeightsException(
                    $"{name}: {WeightsNames.Printable(entry.Name)} has {entry.Length} bytes where its tensors expect {storage.Count} numbers of {storage.Type.Bytes()}: it is damaged. {WeightsException.UploadAgain}");
            }

            file.Position = entry.Offset;
            file.ReadExactly(header);
            var begin = entry.Offset + LocalHeader.DataOffset(header, entry.Name);
            if (begin > file.Length - entry.Length)
            {
                throw new WeightsException($"{name}: {WeightsNames.Printable(entry.Name)} does not lie inside the file: it is damaged. {WeightsException.UploadAgain}");
            }

            begins.Add(storage.Key, begin);
        }

        return begins;
    }
}
