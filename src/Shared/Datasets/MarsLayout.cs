using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>
/// MARS (Zheng et al., ECCV 2016): images in bbox_train and bbox_test, and in info/ the lists of image names and MATLAB tables of tracklets
/// (first and last line of the list, identity, camera; from 1). Identity −1 is junk and dropped, 0 is nobody and stays in the gallery. Queries stand in
/// the order of query_IDX, the gallery in the table's.
/// </summary>
public sealed class MarsLayout : DatasetLayout
{
    private const string TrainNames = "info/train_name.txt";
    private const string TestNames = "info/test_name.txt";
    private const string TrainTable = "info/tracks_train_info.mat";
    private const string TestTable = "info/tracks_test_info.mat";
    private const string QueryTable = "info/query_IDX.mat";
    private const string TrainFolder = "bbox_train/";
    private const string TestFolder = "bbox_test/";
    private const int Junk = -1;
    private const int Distractor = 0;

    /// <summary>Where an image name has its camera's digit.</summary>
    private const int CameraDigit = 5;

    /// <summary>Those of MARS have twenty letters.</summary>
    private const int LongestName = 200;

    public override string Name => "mars";

    public override PublishedCounts Published { get; } = new(
        new PublishedSplit(625, 8_298, 509_914, 6, 0), new PublishedSplit(626, 1_980, 114_493, 6, 0), new PublishedSplit(620, 9_330, 543_216, 6, 3_248));

    public override IReadOnlyList<string> Lacks(FileListing files) =>
        [.. new[] { TrainNames, TestNames, TrainTable, TestTable, QueryTable, TrainFolder, TestFolder }.Where(path => files.RootOf(path) is null)];

    public override ManifestDraft Read(FileListing files)
    {
        var draft = new ManifestDraft(files);
        var train = Table.Read(draft, TrainTable, "track_train_info", TrainNames, TrainFolder);
        var test = Table.Read(draft, TestTable, "track_test_info", TestNames, TestFolder);
        var queries = ReadQueries(draft, test);
        for (var row = 0; row < train?.Rows; row++)
        {
            train.Add(row, Split.Train);
        }

        if (test is not null)
        {
            foreach (var row in queries)
            {
                test.Add(row, Split.Query);
            }

            var isQuery = queries.ToHashSet();
            for (var row = 0; row < test.Rows; row++)
            {
                if (!isQuery.Contains(row))
                {
                    test.Add(row, Split.Gallery);
                }
            }
        }

        return draft;
    }

    /// <summary>Rows of the test table, counted from 0.</summary>
    private static List<int> ReadQueries(ManifestDraft draft, Table? test)
    {
        var rows = new List<int>();
        if (test is null || Matrix(draft, QueryTable, "query_IDX") is not { } matrix)
        {
            return rows;
        }

        var seen = new HashSet<int>();
        for (var i = 0; i < matrix.Values.Length; i++)
        {
            var value = matrix.Values[i];
            if (!MatTables.IsInteger(value) || value < 1 || value > test.Rows)
            {
                Fault(draft, $"{QueryTable} entry {i + 1}: {Show(value)} is not a row of {TestTable}, which has {test.Rows}");
            }
            else if (!seen.Add((int)value - 1))
            {
                Fault(draft, $"{QueryTable} entry {i + 1}: row {Show(value)} is there twice");
            }
            else
            {
                rows.Add((int)value - 1);
            }
        }

        return rows;
    }

    private static MatMatrix? Matrix(ManifestDraft draft, string path, string variable) => MatTables.Matrix(draft, draft.Files.RootOf(path) + path, variable);

    private static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(FindingSeverity.Error, "mars-row", "rows of the MARS tables contradict the files: take tables and lists of one release", where);

    /// <summary>One of the two tables, with the list it points into and the folder that the list is about.</summary>
    private sealed class Table
    {
        private readonly ManifestDraft _draft;
        private readonly MatMatrix _rows;
        private readonly IReadOnlyList<string> _names;
        private readonly string _table;
        private readonly string _list;
        private readonly string _folder;
        private readonly List<int> _frames = [];
        private long _covered;

        private Table(ManifestDraft draft, MatMatrix rows, string table, string list, string folder)
        {
            (_draft, _rows, _table, _list) = (draft, rows, table, list);
            var listName = draft.Files.RootOf(list) + list;
            draft.Known.Add(draft.Files.IndexOf(listName));
            _names = draft.Files.ReadLines(listName);
            _folder = draft.Files.RootOf(folder) + folder;
        }

        public int Rows => _rows.Rows;

        public static Table? Read(ManifestDraft draft, string table, string variable, string list, string folder)
        {
            var rows = Matrix(draft, table, variable);
            if (rows is { Columns: not 4 })
            {
                Fault(draft, $"{table}: '{variable}' has {rows.Columns} columns instead of start, end, identity, camera");
                rows = null;
            }

            return rows is null ? null : new Table(draft, rows, table, list, folder);
        }

        public void Add(int row, Split split)
        {
            if (Range(row) is not var (start, end, identity, camera))
            {
                return;
            }

            _frames.Clear();
            for (var line = start; line <= end; line++)
            {
                if (Frame(row, line, _names[start - 1]) is { } frame)
                {
                    _frames.Add(frame);
                }
            }

            if (identity == Junk)
            {
                _draft.Known.UnionWith(_frames);
                _draft.Findings.Add(FindingSeverity.Note, "junk-dropped", "tracklets marked as junk (identity −1) are left out", $"{_table} row {row + 1}");
            }
            else if (_frames.Count > 0)
            {
                CompareName(row, identity, camera, _names[start - 1]);
                var name = identity == Distractor ? null : identity.ToString("D4", CultureInfo.InvariantCulture);
                _draft.Add(split, name, new Camera(camera.ToString(CultureInfo.InvariantCulture)), _frames);
            }
            else
            {
                _draft.Findings.Add(
                    FindingSeverity.Error, "empty-tracklet", "tracklets without a single frame: upload the frames or take the rows out", $"{_table} row {row + 1}");
            }

            if (identity < Junk || (identity <= Distractor && split == Split.Query) || (identity == Distractor && split == Split.Train))
            {
                Fault(_draft, $"{_table} row {row + 1}: identity {identity} cannot be in the {split.ToString().ToLowerInvariant()} split");
            }
        }

        private (int Start, int End, int Identity, int Camera)? Range(int row)
        {
            var (start, end, identity, camera) = (_rows[row, 0], _rows[row, 1], _rows[row, 2], _rows[row, 3]);
            var fault = !(MatTables.IsInteger(start) && MatTables.IsInteger(end) && MatTables.IsInteger(identity) && MatTables.IsInteger(camera))
                ? $"({Show(start)}, {Show(end)}, {Show(identity)}, {Show(camera)}) are not four whole numbers"
                : start < 1 || start > _names.Count ? $"start {Show(start)} is not a line of {_list}, which has {_names.Count}"
                : end < 1 || end > _names.Count ? $"end {Show(end)} is not a line of {_list}, which has {_names.Count}"
                : end < start ? $"end {Show(end)} lies before start {Show(start)}"
                : camera < 1 ? $"camera {Show(camera)} is not a camera"
                : (_covered += (long)(end - start) + 1) > _names.Count ? $"the rows up to here cover more than the {_names.Count} lines of {_list}"
                : null;
            if (fault is not null)
            {
                Fault(_draft, $"{_table} row {row + 1}: {fault}");
                return null;
            }

            return ((int)start, (int)end, (int)identity, (int)camera);
        }

        private int? Frame(int row, int line, string first)
        {
            var name = _names[line - 1];
            if (!IsImage(name))
            {
                Fault(_draft, $"{_list} line {line}: '{name}' is not an image name of MARS (0065C1T0002F016.jpg)");
                return null;
            }

            if (IsImage(first) && (!name.AsSpan(0, 4).SequenceEqual(first.AsSpan(0, 4)) || name[CameraDigit] != first[CameraDigit]))
            {
                Fault(_draft, $"{_table} row {row + 1}: '{name}' ({_list} line {line}) is of another identity or camera than '{first}', the tracklet's first");
            }

            var path = $"{_folder}{name.AsSpan(0, 4)}/{name}";
            var at = _draft.Files.IndexOf(path);
            if (at < 0)
            {
                _draft.Findings.Add(
                    FindingSeverity.Error, "missing-file", "the protocol names files that are not there: upload them too", $"{path} ({_list} line {line})");
                return null;
            }

            return at;
        }

        private static bool IsImage(string name) => name.Length is > CameraDigit and <= LongestName;

        private void CompareName(int row, int identity, int camera, string first)
        {
            if (IsImage(first) && int.TryParse(first.AsSpan(0, 4), CultureInfo.InvariantCulture, out var named) && (named != identity || first[CameraDigit] - '0' != camera))
            {
                _draft.Findings.Add(
                    FindingSeverity.Warning, "mars-name-differs", "names and tables disagree about identity or camera; the tables count",
                    $"{_table} row {row + 1}: identity {identity}, camera {camera}, but '{first}'");
            }
        }
    }
}
