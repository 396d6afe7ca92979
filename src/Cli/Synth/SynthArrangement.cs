using System.Globalization;
using System.Text;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Synth;

/// <summary>Names files the way a layout does, and in the end writes the files that describe the others.</summary>
internal abstract class SynthArrangement
{
    private static readonly IReadOnlyList<(string Layout, Func<SynthSpec, SynthArrangement> Create)> All =
    [
        ("mars", _ => new MarsArrangement()),
        ("duke-video-reid", spec => new DukeVideoReidArrangement(spec)),
        ("veri-776", _ => new VeriArrangement()),
        ("atrw", spec => new AtrwArrangement(spec)),
        ("dukemtmc-reid", spec => new DukeMtmcReidArrangement(spec)),
        ("cuhk03", _ => new Cuhk03Arrangement()),
        ("msmt17", _ => new Msmt17Arrangement()),
        ("sysu-mm01", spec => new SysuMm01Arrangement(spec)),
        ("regdb", spec => new RegDbArrangement(spec)),
        ("market1501", _ => new Market1501Arrangement()),
        ("csv", _ => new CsvArrangement()),
    ];

    public static IReadOnlyList<string> Layouts => [.. All.Select(arrangement => arrangement.Layout)];

    public static SynthArrangement Of(SynthSpec spec) => All.Single(arrangement => arrangement.Layout == spec.Layout).Create(spec);

    /// <summary>The names of a tracklet's frames, by their places in it; none when the layout has no such tracklet. Tracklets come in the plan's order.</summary>
    public abstract IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet);

    public abstract IEnumerable<(string Name, byte[] Content)> Protocol();

    /// <summary>Of Market-1501's three: the first frame of a query tracklet is the query, the others are in the gallery.</summary>
    protected static string Folder(Split split, int frame) => split switch
    {
        Split.Train => "bounding_box_train",
        Split.Query when frame == 0 => "query",
        _ => "bounding_box_test",
    };

    protected static byte[] Lines(IEnumerable<string> lines) => Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    protected static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>As <see cref="MarsLayout"/> reads it.</summary>
internal sealed class MarsArrangement : SynthArrangement
{
    private readonly (List<string> Names, List<double[]> Rows) _train = ([], []);
    private readonly (List<string> Names, List<double[]> Rows) _test = ([], []);
    private readonly List<double> _queries = [];
    private readonly Dictionary<int, int> _tracklets = [];

    public override IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet)
    {
        var isTrain = tracklet.Split == Split.Train;
        var (names, rows) = isTrain ? _train : _test;
        var person = tracklet.Number < 0 ? "00-1" : Invariant($"{tracklet.Number:D4}");
        var count = _tracklets[tracklet.Number] = _tracklets.GetValueOrDefault(tracklet.Number) + 1;
        var files = new string[tracklet.Frames];
        rows.Add([names.Count + 1, names.Count + tracklet.Frames, tracklet.Number, tracklet.Camera + 1]);
        if (tracklet.Split == Split.Query)
        {
            _queries.Add(rows.Count);
        }

        for (var frame = 0; frame < files.Length; frame++)
        {
            var name = Invariant($"{person}C{tracklet.Camera + 1}T{count:D4}F{frame + 1:D3}.jpg");
            names.Add(name);
            files[frame] = $"mars/{(isTrain ? "bbox_train" : "bbox_test")}/{person}/{name}";
        }

        return [.. files.Index()];
    }

    public override IEnumerable<(string Name, byte[] Content)> Protocol() =>
    [
        ("mars/info/train_name.txt", Lines(_train.Names)),
        ("mars/info/test_name.txt", Lines(_test.Names)),
        ("mars/info/tracks_train_info.mat", MatFileWriter.Write((Table("track_train_info", _train.Rows), MatType.Int32))),
        ("mars/info/tracks_test_info.mat", MatFileWriter.Write((Table("track_test_info", _test.Rows), MatType.Int32))),
        ("mars/info/query_IDX.mat", MatFileWriter.Write((new MatMatrix("query_IDX", 1, _queries.Count, [.. _queries]), MatType.UInt16))),
    ];

    private static MatMatrix Table(string name, List<double[]> rows) =>
        new(name, rows.Count, 4, [.. Enumerable.Range(0, 4).SelectMany(column => rows.Select(row => row[column]))]);
}

/// <summary>As <see cref="Market1501Layout"/> reads it: every frame an image of its own, the first of a query tracklet the query, the others in the gallery.</summary>
internal sealed class Market1501Arrangement : SynthArrangement
{
    private int _moment;

    public override IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet)
    {
        var files = new string[tracklet.Frames];
        var person = tracklet.Number < 0 ? "-1" : Invariant($"{tracklet.Number:D4}");
        for (var frame = 0; frame < files.Length; frame++)
        {
            var folder = Folder(tracklet.Split, frame);
            files[frame] = Invariant($"Market-1501/{folder}/{person}_c{tracklet.Camera + 1}s{tracklet.Sequence + 1}_{++_moment:D6}_{(folder == "query" ? 0 : 1):D2}.jpg");
        }

        return [.. files.Index()];
    }

    public override IEnumerable<(string Name, byte[] Content)> Protocol() => [];
}

/// <summary>As <see cref="ManifestCsv"/> reads it; junk is left out.</summary>
internal sealed class CsvArrangement : SynthArrangement
{
    private readonly StringBuilder _table = new("path,identity,camera,split,tracklet\n");
    private int _tracklets;

    public override IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet)
    {
        if (tracklet.Number == PlannedTracklet.Junk)
        {
            return [];
        }

        var number = ++_tracklets;
        var identity = tracklet.Number == PlannedTracklet.Distractor ? ManifestCsv.Distractor : Invariant($"{tracklet.Number:D4}");
        var split = tracklet.Split.ToString().ToLowerInvariant();
        var files = new string[tracklet.Frames];
        for (var frame = 0; frame < files.Length; frame++)
        {
            files[frame] = Invariant($"frames/{number:D5}/{frame + 1:D3}.jpg");
            _table.Append(CultureInfo.InvariantCulture, $"{files[frame]},{identity},camera-{tracklet.Camera + 1},{split},t{number}\n");
        }

        return [.. files.Index()];
    }

    public override IEnumerable<(string Name, byte[] Content)> Protocol() => [(ManifestCsv.FileName, Encoding.UTF8.GetBytes(_table.ToString()))];
}
