namespace ReidCloud.Datasets;

/// <summary>Of so many queries, which have a match: seen by another camera, the same where the queries join the gallery, and at all.</summary>
/// <param name="TrainedAcrossCameras">Training identities that several cameras saw.</param>
public sealed record MatchCounts(int Queries, int AcrossCameras, int AcrossCamerasJoined, int SameIdentity, int TrainedAcrossCameras)
{
    public static MatchCounts Of(IReadOnlyList<Tracklet> tracklets)
    {
        var known = tracklets.Where(tracklet => !tracklet.IsDistractor).ToLookup(tracklet => tracklet.Split);
        Tracklet[] queries = [.. known[Split.Query], .. known[Split.QueryImage]];
        var (gallery, joined) = (Seen(known[Split.Gallery]), Seen(known[Split.Gallery].Concat(queries)));
        return new MatchCounts(
            tracklets.Count(tracklet => tracklet.Split is Split.Query or Split.QueryImage),
            queries.Count(query => IsSeenElsewhere(query, gallery)),
            queries.Count(query => IsSeenElsewhere(query, joined)),
            queries.Count(query => gallery.ContainsKey(query.Identity)),
            Seen(known[Split.Train]).Count(identity => identity.Value.Count > 1));
    }

    private static Dictionary<int, HashSet<int>> Seen(IEnumerable<Tracklet> tracklets) =>
        tracklets.GroupBy(tracklet => tracklet.Identity).ToDictionary(group => group.Key, group => group.Select(tracklet => tracklet.Camera).ToHashSet());

    private static bool IsSeenElsewhere(Tracklet query, Dictionary<int, HashSet<int>> seen) =>
        seen.TryGetValue(query.Identity, out var cameras) && cameras.Any(camera => camera != query.Camera);
}
