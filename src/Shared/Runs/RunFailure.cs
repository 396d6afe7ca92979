namespace ReidCloud.Runs;

/// <summary>What kind of thing made a run fail, or a nudge be put aside: whose turn it is, and whether another try can help.</summary>
public enum FailureCause
{
    /// <summary>The request cannot be obeyed: change it.</summary>
    BadSpec,

    /// <summary>The data set, weights or a checkpoint are not what the run needs, or damaged: mend or replace them.</summary>
    BadData,

    /// <summary>Host or device memory was used up, or about to be: ask for less at a time, or take a larger machine.</summary>
    OutOfMemory,

    /// <summary>A loss or an embedding is no number any more: lower the learning rate.</summary>
    Diverged,

    /// <summary>No step was finished for `limits.stall`.</summary>
    Hung,

    /// <summary>It ran longer than `limits.timeout`.</summary>
    TimeLimit,

    /// <summary>A run that it builds on failed or was cancelled.</summary>
    Parent,

    /// <summary>Its runners were ended from outside again and again, or what they run on failed: look at the machine.</summary>
    Infrastructure,

    /// <summary>Most likely a fault of this program.</summary>
    Fault,
}

/// <summary>Why a run failed, for people: what, where to look, the whole exception. None of it holds a secret, whatever was thrown.</summary>
public sealed record RunFailure(FailureCause Cause, string Message, string Detail)
{
    public string Message { get; init => field = Redaction.Of(value); } = Redaction.Of(Message);

    public string Detail { get; init => field = Redaction.Of(value); } = Redaction.Of(Detail);
}
