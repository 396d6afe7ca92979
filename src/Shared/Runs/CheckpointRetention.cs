namespace ReidCloud.Runs;

/// <summary>
/// Which checkpoints of a run are kept: the last few, of which the newest is where the next attempt goes on, and the one with the highest score; of equal
/// ones the later. A status names all that are kept, so that a score outlives the attempt that measured it (deep-person-reid issue 63: a resumed
/// training forgot its best model's and overwrote it).
/// </summary>
public static class CheckpointRetention
{
    /// <summary>All that the status points at, from the newest back; the best one where it stands among them or last.</summary>
    public static IEnumerable<CheckpointPointer> KeptCheckpoints(this RunStatus status) =>
        ((CheckpointPointer?[])[status.Checkpoint, .. status.OlderCheckpoints, status.BestCheckpoint]).OfType<CheckpointPointer>().DistinctBy(kept => kept.Blob);

    /// <summary>The status once another checkpoint is there.</summary>
    /// <param name="keep">So many of the last, with this one.</param>
    public static RunStatus WithCheckpoint(this RunStatus status, CheckpointPointer saved, int keep)
    {
        CheckpointPointer?[] last = [status.Checkpoint, .. status.OlderCheckpoints];
        return status with
        {
            Checkpoint = saved,
            OlderCheckpoints = [.. last.OfType<CheckpointPointer>().Where(kept => kept.Blob != saved.Blob).Take(keep - 1)],
            BestCheckpoint = Better(status.BestCheckpoint, saved),
        };
    }

    /// <summary>The status once the newest checkpoint was measured.</summary>
    public static RunStatus WithScore(this RunStatus status, double? score)
    {
        if (status.Checkpoint is null || score is null)
        {
            return status;
        }

        var measured = status.Checkpoint with { Score = score };
        return status with { Checkpoint = measured, BestCheckpoint = Better(status.BestCheckpoint, measured) };
    }

    /// <summary>The status once a checkpoint turned out to be damaged: it points no more at it.</summary>
    public static RunStatus WithoutCheckpoint(this RunStatus status, CheckpointPointer damaged)
    {
        CheckpointPointer?[] last = [status.Checkpoint, .. status.OlderCheckpoints];
        List<CheckpointPointer> left = [.. last.OfType<CheckpointPointer>().Where(kept => kept.Blob != damaged.Blob)];
        return status with
        {
            Checkpoint = left.FirstOrDefault(),
            OlderCheckpoints = [.. left.Skip(1)],
            BestCheckpoint = status.BestCheckpoint?.Blob == damaged.Blob ? null : status.BestCheckpoint,
        };
    }

    private static CheckpointPointer? Better(CheckpointPointer? best, CheckpointPointer saved) =>
        saved.Score is null || best?.Score > saved.Score ? best : saved;
}
