namespace ReidCloud.Datasets;

/// <summary>How a published data set (or a person's own) arranges its files. Reads names and the few files that describe the others, never an image.</summary>
public abstract class DatasetLayout
{
    /// <summary>As people write it in requests.</summary>
    public abstract string Name { get; }

    /// <summary>The numbers that the authors published for the whole set, where there are any; where there are variants, of the first.</summary>
    public virtual PublishedCounts? Published => null;

    /// <summary>The same of one of <see cref="Variants"/>.</summary>
    public virtual PublishedCounts? PublishedOf(string? variant) => Published;

    /// <summary>Does it say when each query and each item of the gallery was seen?</summary>
    public virtual bool HasTimes => false;

    /// <summary>
    /// Several protocols on the same files: the ten splits of a small set, CUHK03's detected and labelled images. A commit names one; the first is what it means where it
    /// names none. Nothing: there is one protocol.
    /// </summary>
    public virtual IReadOnlyList<string> Variants => [];

    /// <summary>The variant that is meant: the one asked for, or the first, or null where there are none.</summary>
    /// <exception cref="DatasetException">It is none of <see cref="Variants"/>.</exception>
    public string? VariantOf(string? asked) => FaultOfVariant(asked) is { } fault
        ? throw new DatasetException(new Finding(FindingSeverity.Error, "variant-unknown", $"The variant {fault}.", 1, [asked!]))
        : asked ?? (Variants.Count > 0 ? Variants[0] : null);

    /// <summary>Why it is no variant of this layout, or null.</summary>
    public string? FaultOfVariant(string? asked) => asked is null || Variants.Contains(asked) ? null
        : Variants.Count == 0 ? $"'{ForeignText.Shown(asked)}' has no effect: layout {Name} has one protocol; leave it out"
        : $"'{ForeignText.Shown(asked)}' is not one of those of layout {Name}: {string.Join(", ", Variants)}";

    /// <summary>What this layout needs and the listing lacks. Nothing: it is this layout.</summary>
    public abstract IReadOnlyList<string> Lacks(FileListing files);

    /// <summary>Which files are whose tracklets. Faults of the protocol's files become findings of the draft, each with its place.</summary>
    public abstract ManifestDraft Read(FileListing files);

    /// <summary>The same by one of <see cref="Variants"/>; null where there are none.</summary>
    public virtual ManifestDraft Read(FileListing files, string? variant) => Read(files);
}

/// <summary>What the authors of a set say that it holds.</summary>
public sealed record PublishedCounts(PublishedSplit Train, PublishedSplit Query, PublishedSplit Gallery)
{
    public PublishedSplit QueryImage { get; init; } = new();

    public PublishedSplit MultiQuery { get; init; } = new();
}

/// <summary>Published numbers of one split; null where nobody says.</summary>
public sealed record PublishedSplit(int? Identities = null, int? Tracklets = null, int? Frames = null, int? Cameras = null, int? Distractors = null)
{
    /// <summary>By the names of the cameras, where that was counted too.</summary>
    public IReadOnlyDictionary<string, int>? FramesByCamera { get; init; }
}
