using ReidCloud.Datasets;

namespace ReidCloud.Runs;

/// <summary>
/// Where making a data set of its uploads stands: commit.json, leased while somebody works on it. Once it says <see cref="DatasetState.Ready"/> it never
/// changes again.
/// </summary>
/// <param name="Uploads">Fingerprint of the uploaded files that it is about: names, lengths, versions.</param>
public sealed record CommitStatus(DatasetState State, string Uploads, DateTimeOffset UpdatedAt)
{
    /// <summary>The layout asked for; of a ready data set, the one it has.</summary>
    public string? Layout { get; init; }

    /// <summary>The variant asked for; of a ready data set, the one it has.</summary>
    public string? Variant { get; init; }

    /// <summary>The data set whose files it is made of, where they are not its own.</summary>
    public string? From { get; init; }

    /// <summary>The data sets that it is put together from, where it is.</summary>
    public CombineRequest? Combine { get; init; }

    /// <summary>The uploads that were named; null when all were meant.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>What is done now, and how much of it, while committing; only for people.</summary>
    public CommitProgress? Progress { get; init; }

    /// <summary>The manifest's hash, once ready.</summary>
    public string? Hash { get; init; }

    /// <summary>What the data set holds, once ready.</summary>
    public ManifestDiagnosis? Diagnosis { get; init; }

    /// <summary>Why it failed, for people; and all that was noticed.</summary>
    public string? Failure { get; init => field = Redaction.OfOptional(value); }

    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

public sealed record CommitProgress(string Step, long Done, long Total);
