using ReidCloud.Datasets;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// As <see cref="DukeVideoReidLayout"/> reads it: a tracklet per identity and camera, so who walks past twice is on it twice. Strangers have numbers of their own,
/// from 9999 downwards; junk is left out.
/// </summary>
internal sealed class DukeVideoReidArrangement(SynthSpec spec) : SynthArrangement
{
    private readonly Dictionary<(Split Split, int Identity, int Camera), int> _frames = [];
    private int _film;

    public override IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet)
    {
        if (DukeNumbers.Of(tracklet, spec) is not { } identity)
        {
            return [];
        }

        var place = (tracklet.Split, identity, tracklet.Camera);
        var before = _frames.GetValueOrDefault(place);
        _frames[place] = before + tracklet.Frames;
        var folder = tracklet.Split.ToString().ToLowerInvariant();
        var camera = tracklet.Camera + 1;
        return
        [
            .. Enumerable.Range(0, tracklet.Frames).Select(frame => (frame, Invariant(
                $"DukeMTMC-VideoReID/{folder}/{identity:D4}/{camera:D4}/{identity:D4}_C{camera}_F{before + frame + 1:D4}_{(tracklet.Number == PlannedTracklet.Distractor ? 'D' : 'X')}{_film += 12}.jpg"))),
        ];
    }

    public override IEnumerable<(string Name, byte[] Content)> Protocol() => [];
}
