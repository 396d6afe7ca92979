namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Which sets of a batch can be normalised camera by camera. Of a single frame there are no statistics, so the reference drops it (spec of camera-based batch normalisation §3.3); here a set goes with all
/// its views, and from all networks, since their losses compare sets. What goes may leave another frame alone, so this is repeated until all that is left can stay.
/// </summary>
internal static class CameraGroups
{
    /// <param name="seen">For each network that looks at the batch the cameras of all frames that it sees: of the first set's, then of the second's.</param>
    /// <returns>The places of the sets that stay, in order.</returns>
    public static int[] Kept(int sets, int leastFrames, params IReadOnlyList<int[]> seen)
    {
        var kept = Enumerable.Range(0, sets).ToArray();
        for (; ; )
        {
            var staying = seen.Aggregate(kept, (left, cameras) =>
            {
                var frames = kept.SelectMany(set => Of(cameras, set)).CountBy(camera => camera).ToDictionary();
                return [.. left.Where(set => Of(cameras, set).All(camera => frames[camera] >= leastFrames))];
            });
            if (staying.Length == kept.Length)
            {
                return kept;
            }

            kept = staying;
        }

        ArraySegment<int> Of(int[] cameras, int set) => new(cameras, set * (cameras.Length / sets), cameras.Length / sets);
    }
}
