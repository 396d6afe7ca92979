using ReidCloud.Datasets;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// As <see cref="DukeMtmcReidLayout"/> reads it: every frame an image of its own, the first of a query tracklet the query, the others in the gallery. Strangers have numbers of their own,
/// from 9999 downwards; junk is left out.
/// </summary>
internal sealed class DukeMtmcReidArrangement(SynthSpec spec) : SynthArrangement
{
    private int _film;

    public override IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet)
    {
        if (DukeNumbers.Of(tracklet, spec) is not { } identity)
        {
            return [];
        }

        return [.. Enumerable.Range(0, tracklet.Frames).Select(frame => (frame, Invariant($"DukeMTMC-reID/{Folder(tracklet.Split, frame)}/{identity:D4}_c{tracklet.Camera + 1}_f{_film += 12:D7}.jpg")))];
    }

    public override IEnumerable<(string Name, byte[] Content)> Protocol() => [];
}
