namespace ReidCloud.Datasets;

public enum Split
{
    Train,

    /// <summary>What is searched for; as an image, the first frame of each, unless the data set has <see cref="QueryImage"/>.</summary>
    Query,
    Gallery,

    /// <summary>The images that are searched for, where a data set has some of its own.</summary>
    QueryImage,

    /// <summary>
    /// Further images of a query's identity by the query's camera, that may be searched for together with it: Market-1501's `gt_bbox`. Nobody's gallery.
    /// </summary>
    MultiQuery,
}

public enum Modality
{
    Visible,
    Infrared,
}

/// <summary>Which sensor saw it: the name as the data set writes it, and what it senses.</summary>
public sealed record Camera(string Name, Modality Modality = Modality.Visible)
{
    /// <summary>The name of what is not known.</summary>
    public const string Unknown = "unknown";

    /// <summary>Sets of version 2 call it nothing.</summary>
    public bool IsKnown => Name is not ("" or Unknown);

    /// <summary>Whether anything is known of who saw what: a name, or at least by what light.</summary>
    public static bool AreKnown(IReadOnlyCollection<Camera> cameras) => cameras.Count != 1 || cameras.All(camera => camera.IsKnown);
}

/// <summary>
/// Frames of one identity from one camera; a still image is a tracklet of one. <see cref="Identity"/> and <see cref="Camera"/> index the
/// manifest's tables; <see cref="FirstFrame"/> and <see cref="FrameCount"/> its frames, which several tracklets may share.
/// </summary>
public readonly record struct Tracklet(Split Split, int Identity, int Camera, int FirstFrame, int FrameCount)
{
    /// <summary>Nobody's identity, but kept in the gallery: it can never be matched.</summary>
    public const int Distractor = -1;

    /// <summary>ATRW's protocol: images of one camera at most so many frames apart are nearly the same picture.</summary>
    private const int NearDuplicateFrames = 3;

    /// <summary>When it was seen, counted in its camera's frames, where the data set's protocol needs that.</summary>
    public int? Time { get; init; }

    public bool IsDistractor => Identity == Distractor;

    public static bool AreNearDuplicates(int time, int other) => Math.Abs((long)time - other) <= NearDuplicateFrames;
}
