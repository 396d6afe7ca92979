using System.Globalization;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// As <see cref="Msmt17Layout"/> reads it, version 1: every frame an image of its own, the first of a query tracklet the query, the others in the gallery, and every thirteenth training image
/// in the list for validation, about as many as the authors'. Labels of training and test both begin at 0. Strangers are identities of the gallery; junk is left out.
/// </summary>
internal sealed class Msmt17Arrangement : SynthArrangement
{
    private const int BetweenValidation = 13;

    private readonly Dictionary<int, int> _trained = [];
    private readonly Dictionary<int, int> _tested = [];
    private readonly List<string> _train = [];
    private readonly List<string> _val = [];
    private readonly List<string> _query = [];
    private readonly List<string> _gallery = [];
    private int _moment;
    private int _strangers;

    public override IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet)
    {
        if (tracklet.Number == PlannedTracklet.Junk)
        {
            return [];
        }

        var isTrain = tracklet.Split == Split.Train;
        var labels = isTrain ? _trained : _tested;
        var number = tracklet.Number == PlannedTracklet.Distractor ? --_strangers : tracklet.Number;
        labels.TryAdd(number, labels.Count);
        var label = labels[number];
        return [.. Enumerable.Range(0, tracklet.Frames).Select(frame =>
        {
            var name = Invariant($"{label:D4}/{label:D4}_{_moment % 1000:D3}_{tracklet.Camera + 1:D2}_0303morning_{_moment:D6}_{frame}.jpg");
            ListOf(tracklet.Split, frame, _moment++).Add($"{name} {label.ToString(CultureInfo.InvariantCulture)}");
            return (frame, $"MSMT17_V1/{(isTrain ? "train" : "test")}/{name}");
        })];
    }

    public override IEnumerable<(string Name, byte[] Content)> Protocol() =>
    [
        ("MSMT17_V1/list_train.txt", Lines(_train)), ("MSMT17_V1/list_val.txt", Lines(_val)),
        ("MSMT17_V1/list_query.txt", Lines(_query)), ("MSMT17_V1/list_gallery.txt", Lines(_gallery)),
    ];

    private List<string> ListOf(Split split, int frame, int image) => split switch
    {
        Split.Train => image % BetweenValidation == BetweenValidation - 1 ? _val : _train,
        Split.Query when frame == 0 => _query,
        _ => _gallery,
    };
}
