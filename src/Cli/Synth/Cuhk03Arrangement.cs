using ReidCloud.Datasets;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// As <see cref="Cuhk03Layout"/> reads it: detected crops by the first two cameras, five of a person by each at most, and the new protocol's file; the first of a query tracklet is the query, the
/// others are in the gallery. Whoever is searched for there is tested in each classic split. Strangers and junk are left out.
/// </summary>
internal sealed class Cuhk03Arrangement : SynthArrangement
{
    private const int CropsPerCamera = Cuhk03Name.Columns / 2;
    private readonly List<(Cuhk03Name Name, string File, Split Split)> _crops = [];
    private readonly Dictionary<(int Person, int Camera), int> _columns = [];

    public override IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet)
    {
        if (tracklet.Number is PlannedTracklet.Distractor or PlannedTracklet.Junk || tracklet.Camera > 1)
        {
            return [];
        }

        var seen = _columns.GetValueOrDefault((tracklet.Number, tracklet.Camera));
        var taken = Math.Min(tracklet.Frames, CropsPerCamera - seen);
        _columns[(tracklet.Number, tracklet.Camera)] = seen + taken;
        return [.. Enumerable.Range(0, taken).Select(frame => (frame, Name(tracklet, frame, (tracklet.Camera * CropsPerCamera) + seen + frame + 1)))];
    }

    public override IEnumerable<(string Name, byte[] Content)> Protocol()
    {
        var tested = _crops.Where(crop => crop.Split != Split.Train).Select(crop => (crop.Name.Pair, crop.Name.Person)).Distinct().ToList();
        return
        [
            ($"cuhk03/{Cuhk03Layout.Config(Cuhk03Layout.Detected)}", MatFileWriter.Write(
                "filelist", [.. _crops.Select(crop => crop.File)],
                Column("labels", _crops.Select(crop => crop.Name.Identity)), Column("camId", _crops.Select(crop => crop.Name.Camera)),
                Part("train_idx", Split.Train), Part("query_idx", Split.Query), Part("gallery_idx", Split.Gallery))),
            ($"cuhk03/{Cuhk03Layout.TestSets}", Lines(Enumerable.Range(1, Cuhk03Layout.Splits).SelectMany(split => tested.Select(who => Invariant($"{split} {who.Pair} {who.Person}"))))),
        ];
    }

    private string Name(PlannedTracklet tracklet, int frame, int column)
    {
        var name = Cuhk03Name.Of(tracklet.Number, column);
        var file = Path.ChangeExtension(name.ToString(), "jpg");
        _crops.Add((name, file, tracklet.Split == Split.Query && frame > 0 ? Split.Gallery : tracklet.Split));
        return $"cuhk03/{Cuhk03Layout.Detected}/{file}";
    }

    private MatMatrix Part(string name, Split split) => Column(name, _crops.Index().Where(crop => crop.Item.Split == split).Select(crop => crop.Index + 1));

    private static MatMatrix Column(string name, IEnumerable<int> numbers)
    {
        double[] values = [.. numbers.Select(number => (double)number)];
        return new MatMatrix(name, values.Length, 1, values);
    }
}
