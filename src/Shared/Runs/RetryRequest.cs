namespace ReidCloud.Runs;

/// <summary>Asks to do a run again that failed or was cancelled.</summary>
public sealed record RetryRequest(RetryFrom From = RetryFrom.Checkpoint);

/// <summary>Where a run that is tried again begins.</summary>
public enum RetryFrom
{
    /// <summary>At its last checkpoint; where it has none, at the start.</summary>
    Checkpoint,

    /// <summary>At the start, whatever it had reached.</summary>
    Start,
}
