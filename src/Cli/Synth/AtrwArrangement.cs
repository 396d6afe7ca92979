using System.Text;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// As <see cref="AtrwLayout"/> reads it: numbered images. Of the test, entities of odd numbers are seen by one camera only and the others by all; frames
/// follow each other so closely that neighbours are near duplicates. Junk becomes training images without an entity; strangers are left out.
/// </summary>
internal sealed class AtrwArrangement(SynthSpec spec) : SynthArrangement
{
    private const int BetweenFrames = 2;
    private const int BetweenTracklets = 10_000;

    private readonly List<string> _train = [];
    private readonly List<string> _test = [];
    private readonly List<string> _truth = [];
    private int _images;

    public override IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet)
    {
        var hasOneCamera = tracklet.Number % 2 == 1;
        if (tracklet.Number == PlannedTracklet.Distractor
            || (tracklet.Split != Split.Train && tracklet.Number > 0 && hasOneCamera && tracklet.Camera != tracklet.Number / 2 % spec.Cameras))
        {
            return [];
        }

        return [.. Enumerable.Range(0, tracklet.Frames).Select(frame => (frame, Name(tracklet, frame)))];
    }

    public override IEnumerable<(string Name, byte[] Content)> Protocol() =>
    [
        ("reid_list_train.csv", Lines(_train)),
        ("reid_list_test.csv", Lines(_test)),
        ("gt_test_plain.json", Encoding.ASCII.GetBytes($"[{string.Join(",\n", _truth)}]\n")),
    ];

    private string Name(PlannedTracklet tracklet, int frame)
    {
        var image = _images++;
        var file = Invariant($"{image:D6}.jpg");
        if (tracklet.Number == PlannedTracklet.Junk)
        {
            return $"train/{file}";
        }

        if (tracklet.Split == Split.Train)
        {
            _train.Add(Invariant($"{tracklet.Number},{file}"));
            return $"train/{file}";
        }

        var group = tracklet.Number % 2 == 1 ? "sing" : "multi";
        var time = (tracklet.Sequence * BetweenTracklets) + (frame * BetweenFrames);
        _test.Add(file);
        _truth.Add(Invariant($"{{\"imgid\": {image}, \"entityid\": {tracklet.Number}, \"query\": \"{group}\", \"frame\": [1, {tracklet.Camera}, {time}]}}"));
        return $"test/{file}";
    }
}
