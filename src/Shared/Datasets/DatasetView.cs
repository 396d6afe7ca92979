namespace ReidCloud.Datasets;

/// <summary>Asks for an address to upload one file of a data set to: an archive, or a loose file by its relative name.</summary>
public sealed record UploadRequest(string File);

/// <summary>Where to PUT the file's bytes (as a block blob), and until when.</summary>
public sealed record UploadOffer(string Dataset, string File, Uri Url, DateTimeOffset ExpiresAt)
{
    /// <summary>Headers that a single PUT must carry.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string> { ["x-ms-blob-type"] = "BlockBlob" };
}

/// <summary>Asks to make a data set of what was uploaded. Without a layout it is recognised.</summary>
public sealed record CommitRequest(string? Layout = null)
{
    /// <summary>By which protocol, where the layout has several: a split, or detected or labelled images. Left out: its first.</summary>
    public string? Variant { get; init; }

    /// <summary>
    /// Make it of the files of this data set, which is ready, instead of uploads of its own: another variant of the same files. Left out its layout, too, is that one's.
    /// </summary>
    public string? From { get; init; }

    /// <summary>Make it of the training splits of several data sets, which are ready, instead of files.</summary>
    public CombineRequest? Combine { get; init; }

    /// <summary>
    /// The uploads that are meant, by name: others, of an earlier attempt or of somebody else, stay where they are and do not count. Absent: all there
    /// are; of a data set that is committed or being committed, those that it was begun with.
    /// </summary>
    public IReadOnlyList<string>? Files { get; init; }
}

/// <summary>The data sets that are trained on together, in the order of their labels. Who was seen and by which camera is kept apart by their names.</summary>
public sealed record CombineRequest(IReadOnlyList<string> Datasets)
{
    /// <summary>The data set whose queries and gallery are measured on, one of these or another. Left out: none are, and a training on it is measured by evaluate runs on others.</summary>
    public string? Test { get; init; }
}

public enum DatasetState
{
    Committing,
    Ready,
    Failed,
}

/// <summary>A data set as the HTTP API shows it. The manifest's figures are there once it is ready; <see cref="Failure"/> says why it is not.</summary>
public sealed record DatasetView(string Name, DatasetState State, DateTimeOffset UpdatedAt)
{
    public string? Layout { get; init; }

    /// <summary>By which of the layout's protocols, where it has several.</summary>
    public string? Variant { get; init; }

    /// <summary>The data set whose files it is made of, where they are not its own.</summary>
    public string? From { get; init; }

    /// <summary>The data sets that it is put together from, where it is.</summary>
    public CombineRequest? Combine { get; init; }

    public string? Hash { get; init; }
    public ManifestDiagnosis? Diagnosis { get; init; }
    public string? Failure { get; init; }

    /// <summary>What the commit that failed found; each error is one to mend.</summary>
    public IReadOnlyList<Finding>? Findings { get; init; }

    /// <summary>How far the commit has got, while it works.</summary>
    public IngestProgress? Progress { get; init; }
}

/// <summary>In order of names. Ask again with `?continue=` <see cref="Continue"/> for the next page; without it this is the last.</summary>
public sealed record DatasetList(IReadOnlyList<DatasetView> Datasets)
{
    public string? Continue { get; init; }
}
