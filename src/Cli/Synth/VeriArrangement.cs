using ReidCloud.Datasets;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// As <see cref="VeriLayout"/> reads it: every tracklet of the test is a track of the gallery, and the first frame of a query tracklet lies among the query images
/// too. VeRi-776 has neither strangers nor junk.
/// </summary>
internal sealed class VeriArrangement : SynthArrangement
{
    private readonly List<string> _train = [];
    private readonly List<string> _query = [];
    private readonly List<string> _tracks = [];
    private int _moment;

    public override IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet)
    {
        if (tracklet.Number <= PlannedTracklet.Distractor)
        {
            return [];
        }

        var seen = Invariant($"{tracklet.Number:D4}_c{tracklet.Camera + 1:D3}");
        string[] names = [.. Enumerable.Range(0, tracklet.Frames).Select(frame => Invariant($"{seen}_{++_moment:D8}_{frame}.jpg"))];
        if (tracklet.Split == Split.Train)
        {
            _train.AddRange(names);
            return [.. names.Select((name, frame) => (frame, $"VeRi/image_train/{name}"))];
        }

        _tracks.Add(Invariant($"{seen}_{_tracks.Count + 1} {string.Join(' ', names)} "));
        var images = names.Select((name, frame) => (frame, $"VeRi/image_test/{name}"));
        if (tracklet.Split != Split.Query)
        {
            return [.. images];
        }

        _query.Add(names[0]);
        return [.. images, (0, $"VeRi/image_query/{names[0]}")];
    }

    public override IEnumerable<(string Name, byte[] Content)> Protocol() =>
        [("VeRi/name_train.txt", Lines(_train)), ("VeRi/name_query.txt", Lines(_query)), ("VeRi/test_track.txt", Lines(_tracks))];
}
