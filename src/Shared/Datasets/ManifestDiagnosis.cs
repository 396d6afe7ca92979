namespace ReidCloud.Datasets;

/// <summary>How bad a finding is: an error stops the commit, a warning is shown wherever the data set is.</summary>
public enum FindingSeverity
{
    Note,
    Warning,
    Error,
}

/// <summary>One thing noticed about a data set: a kebab-case code, how often, a few places, and what to do about it.</summary>
public sealed record Finding(FindingSeverity Severity, string Code, string Message, int Count, IReadOnlyList<string> Examples);

/// <summary>By what light the cameras of a split see, where some see infrared.</summary>
public enum SplitModality
{
    Infrared,
    Both,
}

/// <summary>Numbers of one split.</summary>
public sealed record SplitCounts(int Identities, int Tracklets, int Frames, int Cameras, int Distractors)
{
    /// <summary>By what light its cameras see. Null: all by visible light, or a version counted that did not look.</summary>
    public SplitModality? Modality { get; init; }
}

/// <summary>What a data set holds and what is wrong with it, found before a GPU minute is spent.</summary>
public sealed record ManifestDiagnosis(SplitCounts Train, SplitCounts Query, SplitCounts Gallery, IReadOnlyList<Finding> Findings)
{
    /// <summary>Of images that are searched for besides the query tracklets, where the data set has some.</summary>
    public SplitCounts? QueryImage { get; init; }

    /// <summary>Of images that may be searched for together with a query, where the data set has some.</summary>
    public SplitCounts? MultiQuery { get; init; }

    /// <summary>Is it known which camera saw what?</summary>
    public bool HasCameras { get; init; } = true;

    /// <summary>How much there is to be found. Null: it was made by a version that did not count.</summary>
    public MatchCounts? Matches { get; init; }
}
