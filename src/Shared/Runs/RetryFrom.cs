namespace ReidCloud.Runs;

/// <summary>Where a run that is tried again begins.</summary>
public enum RetryFrom
{
    /// <summary>At its last checkpoint; where it has none, at the start.</summary>
    Checkpoint,

    /// <summary>At the start, whatever it had reached.</summary>
    Start,
}
