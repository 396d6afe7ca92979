namespace ReidCloud.Datasets;

/// <summary>A blob of the data set (relative to datasets/{name}/uploads/): an archive, or one loose file. <see cref="ETag"/> pins its content.</summary>
public sealed record DatasetBlob(string Name, long Length, string ETag)
{
    /// <summary>The data set that it was uploaded for, where that is another.</summary>
    public string? Dataset { get; init; }

    /// <summary>The same as a data set made of that one's files has it.</summary>
    public DatasetBlob In(string dataset) => this with { Dataset = Dataset ?? dataset };
}

/// <summary>
/// The normal form of every data set: which tracklets there are and where each frame's bytes lie. Everything after ingest reads this and
/// nothing else. Identities are in ascending order of their numbers (or names), of a combined data set those of one after those of another, so a training label is
/// the rank among the identities of the training split. <see cref="Hash"/> covers names, order, splits, drawn galleries and the content checksums of all frames.
/// </summary>
public sealed record DatasetManifest(
    string Name,
    string Layout,
    string Hash,
    IReadOnlyList<string> Identities,
    IReadOnlyList<Camera> Cameras,
    IReadOnlyList<DatasetBlob> Blobs,
    IReadOnlyList<FrameSource> Frames,
    IReadOnlyList<Tracklet> Tracklets,
    ManifestDiagnosis Diagnosis)
{
    /// <summary>By which of the layout's variants, where it has some.</summary>
    public string? Variant { get; init; }

    /// <summary>The hash of the data set that this is a part of, with the same frames, where it is one.</summary>
    public string? WholeHash { get; init; }

    /// <summary>Of how many images of an identity in a camera a draw says the order.</summary>
    public const int MostDrawn = 10;

    /// <summary>
    /// The galleries that the authors drew, one for each trial: places among <see cref="Frames"/>, so that it does not matter which tracklets a run leaves out. Of each identity and camera the first so many in this order are in
    /// the gallery, at most <see cref="MostDrawn"/>. None: there are none, and galleries are drawn by seed. SYSU-MM01 has ten.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>> GalleryDraws { get; init; } = [];

    /// <summary>Is it known when each query and each item of the gallery was seen? ATRW's protocol needs that.</summary>
    public bool HasTimes => Tracklets.Any(tracklet => tracklet.Split != Split.Train)
        && Tracklets.All(tracklet => tracklet.Split == Split.Train || tracklet.Time is not null);

    /// <summary>Is anything known of who saw what?</summary>
    public bool HasCameras => Camera.AreKnown(Cameras);

    public IEnumerable<Tracklet> Of(Split split) => Tracklets.Where(tracklet => tracklet.Split == split);

    /// <summary>Identities of the training split in table order; an identity's label is its place in this list.</summary>
    public IReadOnlyList<int> TrainingIdentities =>
        [.. Of(Split.Train).Where(tracklet => !tracklet.IsDistractor).Select(tracklet => tracklet.Identity).Distinct().Order()];
}
