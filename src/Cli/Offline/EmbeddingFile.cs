using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Weights;

namespace ReidCloud.Cli.Offline;

/// <summary>
/// Embeddings as a file, by its ending: safetensors (one tensor, `embeddings`, N × D float32), npy (the same array), or csv (a name and D numbers a line, behind a
/// first line that names the columns). The first two have their names beside them, one a line, in `FILE.names.csv`; without that file rows are called by their
/// numbers. What is read is foreign: sizes are checked before they are believed.
/// </summary>
internal static class EmbeddingFile
{
    public static readonly IReadOnlyList<string> Endings = [".safetensors", ".npy", ".csv"];

    private const string Tensor = "embeddings";
    private const string NameColumn = "name";
    private const int MostDimensions = 1 << 16;

    /// <summary>Of a table; its text is read whole.</summary>
    private const long LongestText = 512L << 20;

    /// <summary>Where the names of a file's rows are.</summary>
    public static string NamesOf(string path) => $"{path}.names.csv";

    /// <exception cref="CommandException">The file's name has another ending.</exception>
    public static string EndingOf(string path) => Endings.FirstOrDefault(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        ?? throw CommandException.Mistake($"'{path}' does not end in one of: {string.Join(", ", Endings)}", "the ending says which format is meant");

    /// <summary>A file that was there is replaced once the new one is whole. The same embeddings give the same bytes.</summary>
    public static void Write(string path, NamedEmbeddings embeddings)
    {
        var ending = EndingOf(path);
        if (ending != ".csv")
        {
            Replace(NamesOf(path), stream => WriteNames(stream, embeddings.Names));
        }

        Replace(path, stream => Write(ending, stream, embeddings));
    }

    /// <exception cref="CommandException">It is no such file; what is wrong, and what to do.</exception>
    public static NamedEmbeddings Read(string path)
    {
        var ending = EndingOf(path);
        if (!File.Exists(path))
        {
            throw CommandException.Mistake($"there is no file '{path}'", "`./reid embed --weights FILE --images FOLDER --output FILE` makes one");
        }

        try
        {
            return (ending == ".csv" ? ReadTable(path) : ReadArray(path, ending)).Checked(path);
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or DatasetException or DecoderFallbackException)
        {
            throw CommandException.Mistake(
                $"'{path}' holds no embeddings: {fault.Message}", "wanted are rows of float32: a two-dimensional .npy, a .safetensors with one tensor, or a .csv with a name and numbers a line");
        }
    }

    private static void Write(string ending, Stream stream, NamedEmbeddings embeddings)
    {
        if (ending == ".csv")
        {
            WriteTable(stream, embeddings);
        }
        else if (ending == ".npy")
        {
            NpyFile.Write(stream, embeddings.Names.Count, embeddings.Dimensions, embeddings.Values_ND);
        }
        else
        {
            SafetensorsHeader.Write(stream, new Dictionary<string, string> { ["format"] = "pt" }, [(Tensor, TensorType.Float32, [embeddings.Names.Count, embeddings.Dimensions])]);
            stream.Write(MemoryMarshal.AsBytes(embeddings.Values_ND.AsSpan()));
        }
    }

    private static NamedEmbeddings ReadArray(string path, string ending)
    {
        using var file = File.OpenRead(path);
        var (rows, dimensions) = ending == ".npy" ? NpyFile.ReadHead(file) : ReadSafetensorsHead(file);
        if (rows > Array.MaxLength / Math.Max(1, dimensions) || dimensions is 0 or > MostDimensions)
        {
            throw new InvalidDataException($"{rows} rows of {dimensions} numbers are more than can be ranked here, or none");
        }

        var names = ReadNames(NamesOf(path), (int)rows);
        var values = new float[rows * dimensions];
        file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return new NamedEmbeddings(names, (int)dimensions, values);
    }

    /// <summary>Leaves the file at its first number.</summary>
    private static (long Rows, long Dimensions) ReadSafetensorsHead(FileStream file)
    {
        var entries = SafetensorsHeader.Read(file).Entries;
        return entries is [{ Type: TensorType.Float32, Shape: [var rows, var dimensions] }]
            ? (rows, dimensions)
            : throw new InvalidDataException($"wanted is one tensor of F32 and two dimensions; there are {entries.Count}"
                + (entries is [var only] ? $", of {only.Type.Name()} [{string.Join(", ", only.Shape)}]" : ""));
    }

    private static NamedEmbeddings ReadTable(string path)
    {
        var (names, values, dimensions) = (new List<string>(), new List<float>(), 0);
        foreach (var (line, fields) in CsvRecords.Read(ReadText(path), path, MostDimensions + 1))
        {
            if (dimensions == 0)
            {
                dimensions = fields is [NameColumn, _, ..] ? fields.Count - 1 : throw new InvalidDataException($"line {line} must name the columns: {NameColumn}, then one for each number");
                continue;
            }

            if (fields.Count != dimensions + 1)
            {
                throw new InvalidDataException($"line {line} has {fields.Count} fields where the first line names {dimensions + 1}");
            }

            names.Add(fields[0]);
            foreach (var field in fields.Skip(1))
            {
                values.Add(float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw new InvalidDataException($"line {line}: '{ForeignText.Shown(field, 40)}' is no number"));
            }
        }

        return new NamedEmbeddings(names, dimensions, [.. values]);
    }

    private static IReadOnlyList<string> ReadNames(string path, int rows)
    {
        if (!File.Exists(path))
        {
            return [.. Enumerable.Range(0, rows).Select(row => row.ToString(CultureInfo.InvariantCulture))];
        }

        var lines = CsvRecords.Read(ReadText(path), path).ToList();
        return lines is [{ Fields: [NameColumn] }, ..] && lines.Count == rows + 1 && lines.TrueForAll(line => line.Fields.Count == 1)
            ? [.. lines.Skip(1).Select(line => line.Fields[0])]
            : throw new InvalidDataException($"'{path}' must have the line '{NameColumn}' and then one name for each of the {rows} rows; it has {lines.Count} lines");
    }

    private static string ReadText(string path) => new FileInfo(path).Length is var length && length <= LongestText
        ? File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true))
        : throw new InvalidDataException($"'{path}' has {length} bytes; tables have at most {LongestText}: keep large sets as .npy or .safetensors");

    private static void WriteNames(Stream stream, IReadOnlyList<string> names)
    {
        using var text = TableText.Open(stream);
        text.WriteLine(NameColumn);
        foreach (var name in names)
        {
            text.WriteLine(TableText.Field(name));
        }
    }

    private static void WriteTable(Stream stream, NamedEmbeddings embeddings)
    {
        using var text = TableText.Open(stream);
        text.WriteLine($"{NameColumn},{string.Join(',', Enumerable.Range(0, embeddings.Dimensions))}");
        foreach (var (row, name) in embeddings.Names.Index())
        {
            text.Write(TableText.Field(name));
            foreach (var value in embeddings.Values_ND.AsSpan(row * embeddings.Dimensions, embeddings.Dimensions))
            {
                text.Write(',');
                text.Write(value.ToString("R", CultureInfo.InvariantCulture));
            }

            text.WriteLine();
        }
    }

    private static void Replace(string path, Action<Stream> write)
    {
        var part = $"{path}.part";
        try
        {
            using (var stream = File.Create(part))
            {
                write(stream);
            }

            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
