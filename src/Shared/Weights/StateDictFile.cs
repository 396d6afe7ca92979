using System.IO.Compression;

namespace ReidCloud.Weights;

/// <summary>
/// Writes tensors of another file as a state dict that other programs read: safetensors, or what torch.save writes since 1.6 (a zip with a pickle of
/// protocol 2), which torch.load reads with weights_only=True. The same tensors give the same bytes.
/// </summary>
public static class StateDictFile
{
    private const string Folder = "weights";

    /// <summary>The first day that a zip can tell: files are the same whenever they are written.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The names of files that can be written, by what comes after the last dot.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".safetensors", ".pth", ".pt"];

    /// <param name="ending">One of <see cref="Endings"/>.</param>
    /// <param name="to">Seekable.</param>
    /// <param name="from">The file that the entries were found in.</param>
    public static void Write(string ending, Stream to, Stream from, IReadOnlyList<WeightsEntry> entries)
    {
        if (ending == Endings[0])
        {
            WriteSafetensors(to, from, entries);
        }
        else
        {
            WritePytorch(to, from, entries);
        }
    }

    /// <summary>With the mark by which readers know that PyTorch's names and shapes are meant.</summary>
    private static void WriteSafetensors(Stream to, Stream from, IReadOnlyList<WeightsEntry> entries)
    {
        SafetensorsHeader.Write(to, new Dictionary<string, string> { ["format"] = "pt" }, entries.Select(entry => (entry.Name, entry.Source.Type, entry.Source.Shape)));
        foreach (var entry in entries)
        {
            to.Write(TensorBytes.Read(from, entry.Source));
        }
    }

    private static void WritePytorch(Stream to, Stream from, IReadOnlyList<WeightsEntry> entries)
    {
        using var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        Add(zip, "data.pkl", StateDictPickle.Write(entries));
        Add(zip, "byteorder", "little"u8.ToArray());
        foreach (var (i, entry) in entries.Index())
        {
            Add(zip, $"data/{i}", TensorBytes.Read(from, entry.Source));
        }

        Add(zip, "version", "3\n"u8.ToArray());
    }

    /// <summary>As it is: PyTorch maps storages into memory.</summary>
    private static void Add(ZipArchive zip, string name, byte[] bytes)
    {
        var entry = zip.CreateEntry($"{Folder}/{name}", CompressionLevel.NoCompression);
        entry.LastWriteTime = NoTime;
        using var content = entry.Open();
        content.Write(bytes);
    }
}
