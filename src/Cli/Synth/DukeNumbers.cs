namespace ReidCloud.Cli.Synth;

/// <summary>Identities as both sets of Duke number them: strangers have numbers of their own, from 9999 downwards.</summary>
internal static class DukeNumbers
{
    private const int Highest = 9999;

    /// <summary>Null of what is left out: junk, and strangers for whom no number is left.</summary>
    public static int? Of(PlannedTracklet tracklet, SynthSpec spec)
    {
        var stranger = Highest - tracklet.Sequence;
        return tracklet.Number switch
        {
            PlannedTracklet.Junk => null,
            PlannedTracklet.Distractor => stranger <= spec.TrainIdentities + spec.TestIdentities ? null : stranger,
            var known => known,
        };
    }
}
