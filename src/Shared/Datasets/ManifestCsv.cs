namespace ReidCloud.Datasets;

/// <summary>
/// Bring your own: a table manifest.csv beside the files (RFC 4180, UTF-8), first line its column names in any order:
/// <c>path,identity,split[,camera][,tracklet][,modality]</c>.
/// <list type="bullet">
/// <item><c>path</c>: relative to the folder of manifest.csv, with '/'.</item>
/// <item><c>identity</c>: any name; <c>distractor</c> for nobody's (gallery only). It may not be empty.</item>
/// <item><c>camera</c>: any name; empty or absent where it is not known.</item>
/// <item><c>split</c>: <c>train</c>, <c>query</c> or <c>gallery</c>.</item>
/// <item><c>tracklet</c>: rows with the same value are the frames of one tracklet in the file's order, and agree in all but the path. Empty or absent: a tracklet of one.</item>
/// <item><c>modality</c>: <c>visible</c> (also when empty or absent) or <c>infrared</c>.</item>
/// </list>
/// </summary>
public sealed class ManifestCsv : DatasetLayout
{
    public const string FileName = "manifest.csv";
    public const string Distractor = "distractor";

    private const int LongestName = 200;

    private static readonly string[] Required = ["path", "identity", "split"];
    private static readonly string[] Optional = ["camera", "tracklet", "modality"];

    public override string Name => "csv";

    public override IReadOnlyList<string> Lacks(FileListing files) => files.RootOf(FileName) is null ? [FileName] : [];

    public override ManifestDraft Read(FileListing files)
    {
        var draft = new ManifestDraft(files);
        var root = files.RootOf(FileName)!;
        draft.Known.Add(files.IndexOf(root + FileName));
        var order = new List<Rows>();
        var byTracklet = new Dictionary<string, Rows>(StringComparer.Ordinal);
        var seen = new HashSet<(Split, string)>();
        using var records = CsvRecords.Read(files.ReadText(root + FileName), FileName).GetEnumerator();
        if (!records.MoveNext() || Columns(draft, records.Current) is not { } columns)
        {
            return draft;
        }

        while (records.MoveNext())
        {
            var record = records.Current;
            if (Row(draft, root, record, columns) is not { } row)
            {
                continue;
            }

            if (!seen.Add((row.Split, record.Fields[columns["path"]])))
            {
                draft.Findings.Add(
                    FindingSeverity.Warning, "frame-listed-twice", "files are listed more than once in a split", $"line {record.Line}: {record.Fields[columns["path"]]}");
            }

            var id = columns.TryGetValue("tracklet", out var column) ? record.Fields[column] : "";
            if (id.Length == 0)
            {
                order.Add(row);
            }
            else if (!byTracklet.TryGetValue(id, out var first))
            {
                byTracklet.Add(id, row);
                order.Add(row);
            }
            else if ((first.Split, first.Identity, first.Camera) != (row.Split, row.Identity, row.Camera))
            {
                Fault(draft, record.Line, $"tracklet '{id}' has another identity, camera, modality or split than in line {first.Line}");
            }
            else
            {
                first.Frames.AddRange(row.Frames);
            }
        }

        foreach (var rows in order)
        {
            draft.Add(rows.Split, rows.Identity, rows.Camera, rows.Frames);
        }

        return draft;
    }

    private static Dictionary<string, int>? Columns(ManifestDraft draft, CsvRecord header)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (place, name) in header.Fields.Index())
        {
            if (!Required.Contains(name) && !Optional.Contains(name))
            {
                Fault(draft, header.Line, $"column '{name}' is not known; there are {string.Join(", ", Required.Concat(Optional))}");
                return null;
            }

            if (!columns.TryAdd(name, place))
            {
                Fault(draft, header.Line, $"column '{name}' is there twice");
                return null;
            }
        }

        var missing = Required.Where(name => !columns.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            Fault(draft, header.Line, $"column {string.Join(", ", missing)} is missing; the first line names the columns: {string.Join(",", Required.Concat(Optional))}");
            return null;
        }

        return columns;
    }

    private static Rows? Row(ManifestDraft draft, string root, CsvRecord record, Dictionary<string, int> columns)
    {
        if (record.Fields.Count != columns.Count)
        {
            Fault(draft, record.Line, $"{record.Fields.Count} fields where the first line names {columns.Count}");
            return null;
        }

        string Field(string name) => columns.TryGetValue(name, out var column) ? record.Fields[column] : "";
        Split? split = Field("split") switch { "train" => Split.Train, "query" => Split.Query, "gallery" => Split.Gallery, _ => null };
        Modality? modality = Field("modality") switch { "" or "visible" => Modality.Visible, "infrared" => Modality.Infrared, _ => null };
        var identity = Field("identity");
        var path = Field("path");
        var fault = FileListing.FaultOfName(path) is { } bad ? $"path '{path}' {bad}; it is relative to {FileName}'s folder, with '/'"
            : split is null ? $"split '{Field("split")}' is none of train, query, gallery"
            : modality is null ? $"modality '{Field("modality")}' is neither visible nor infrared"
            : identity.Length == 0 ? $"identity is empty; write {Distractor} for nobody's"
            : identity.Length > LongestName || Field("camera").Length > LongestName ? $"identity or camera has more than {LongestName} characters"
            : (ForeignText.FaultOf(identity) ?? ForeignText.FaultOf(Field("camera"))) is { } letter ? $"identity or camera has {letter}"
            : identity == Distractor && split != Split.Gallery ? $"a {Distractor} can only be in the gallery"
            : null;
        if (fault is not null)
        {
            Fault(draft, record.Line, fault);
            return null;
        }

        var file = draft.Files.IndexOf(root + path);
        if (file < 0)
        {
            draft.Findings.Add(
                FindingSeverity.Error, "missing-file", "the protocol names files that are not there: upload them too", $"{path} ({FileName} line {record.Line})");
            return null;
        }

        return new Rows(split!.Value, identity == Distractor ? null : identity, new Camera(Field("camera") is { Length: > 0 } camera ? camera : Camera.Unknown, modality!.Value), record.Line, [file]);
    }

    private static void Fault(ManifestDraft draft, int line, string what) =>
        draft.Findings.Add(FindingSeverity.Error, "csv-row", $"lines of {FileName} cannot be used: correct them and upload it again", $"line {line}: {what}");

    private sealed record Rows(Split Split, string? Identity, Camera Camera, int Line, List<int> Frames);
}
