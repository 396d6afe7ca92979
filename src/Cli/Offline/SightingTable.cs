using System.Globalization;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;

namespace ReidCloud.Cli.Offline;

/// <summary>
/// Who is in each item, which camera saw it, and when: by a table `name,identity[,camera][,time]`, or as names of Market-1501 say it. The identity `distractor` (there
/// `0000`) is nobody, and −1 in Market-1501 is junk, which takes no part. Items of the same name are the very same picture.
/// </summary>
internal sealed class SightingTable
{
    private const long LongestTable = 256L << 20;
    private const string Camera = "camera";
    private const string Time = "time";
    private static readonly string[] Columns = ["name", "identity"];
    private static readonly string[] Optional = [Camera, Time];
    private static readonly string Wanted = $"a table whose first line is {string.Join(',', Columns)},{Camera} or {string.Join(',', Columns)},{Camera},{Time}, without {Camera} where no cameras are known";

    private readonly Dictionary<string, int> _identities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _cameras = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Sighting>? _byName;

    private SightingTable(Dictionary<string, Sighting>? byName) => _byName = byName;

    public bool HasCameras { get; private init; } = true;

    public bool HasTimes => _byName?.Values.All(sighting => sighting.Time is not null) == true;

    /// <summary>Names as Market-1501 has them: `0002_c1s1_000451_03.jpg`; null where one of them is another.</summary>
    public static SightingTable? OfNames(IEnumerable<string> names) => names.All(name => Market1501Layout.TryParse(name, out _, out _)) ? new SightingTable(null) : null;

    /// <exception cref="CommandException">It is not such a table.</exception>
    public static SightingTable Read(string path)
    {
        if (!File.Exists(path))
        {
            throw CommandException.Mistake($"there is no file '{path}'", $"--ids takes {Wanted}");
        }

        try
        {
            var text = new FileInfo(path).Length <= LongestTable
                ? File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true))
                : throw new InvalidDataException($"it is longer than {LongestTable} bytes");
            return Of([.. CsvRecords.Read(text, path)]);
        }
        catch (Exception fault) when (fault is InvalidDataException or DatasetException or DecoderFallbackException)
        {
            throw CommandException.Mistake($"'{path}': {fault.Message}", $"wanted is {Wanted}");
        }
    }

    /// <summary>Of each name what is known; null for junk.</summary>
    /// <exception cref="CommandException">Of one nothing is known.</exception>
    public IReadOnlyList<Sighting?> Of(NamedEmbeddings items, string file) => [.. items.Names.Select(name => Of(name, file))];

    private Sighting? Of(string name, string file) =>
        Seen(name, file) is { } sighting ? sighting with { Content = (IndexOf(_names, name), 0) } : null;

    private Sighting? Seen(string name, string file)
    {
        if (_byName is not null)
        {
            return _byName.TryGetValue(name, out var known)
                ? known
                : throw CommandException.Mistake($"the table of --ids says nothing of '{name}', which is in {file}", "add a line for it");
        }

        Market1501Layout.TryParse(name, out var identity, out var camera);
        var number = int.Parse(identity, CultureInfo.InvariantCulture);
        return number < 0 ? null : new Sighting(number == 0 ? Tracklet.Distractor : IndexOf(_identities, identity), IndexOf(_cameras, camera));
    }

    private static SightingTable Of(IReadOnlyList<CsvRecord> records)
    {
        if (records is not [{ Fields: var columns }, ..] || Columns.Any(column => columns.Count(name => name == column) != 1)
            || columns.Any(column => !Optional.Contains(column) && !Columns.Contains(column)) || columns.Distinct().Count() != columns.Count)
        {
            throw new InvalidDataException("its first line names other columns");
        }

        var table = new SightingTable(new Dictionary<string, Sighting>(StringComparer.Ordinal)) { HasCameras = columns.Contains(Camera) };
        foreach (var record in records.Skip(1))
        {
            table.Add(record, [.. columns]);
        }

        return table;
    }

    private void Add(CsvRecord record, List<string> columns)
    {
        if (record.Fields.Count != columns.Count)
        {
            throw new InvalidDataException($"line {record.Line} has {record.Fields.Count} fields where the first line names {columns.Count}");
        }

        string? Field(string column) => columns.IndexOf(column) is var place and >= 0 ? record.Fields[place] : null;
        var (name, identity, camera, time) = (Field(Columns[0])!, Field(Columns[1])!, Field(Camera) ?? "", Field(Time));
        if (identity.Length == 0)
        {
            throw new InvalidDataException($"line {record.Line}: identity is empty; write {ManifestCsv.Distractor} for nobody's");
        }

        int? at = time is null ? null : int.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var frame)
            ? frame
            : throw new InvalidDataException($"line {record.Line}: time '{ForeignText.Shown(time, 40)}' is no whole number, that of a frame of its camera");
        var sighting = new Sighting(identity == ManifestCsv.Distractor ? Tracklet.Distractor : IndexOf(_identities, identity), IndexOf(_cameras, camera), at);
        if (!_byName!.TryAdd(name, sighting))
        {
            throw new InvalidDataException($"line {record.Line}: '{ForeignText.Shown(name)}' is there twice");
        }
    }

    private static int IndexOf(Dictionary<string, int> known, string name)
    {
        if (!known.TryGetValue(name, out var index))
        {
            known.Add(name, index = known.Count);
        }

        return index;
    }
}
