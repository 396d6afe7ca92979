namespace ReidCloud.Datasets;

public enum Split
{
    Train,
    Query,
    Gallery,
}

public enum Modality
{
    Visible,
    Infrared,
}

/// <summary>Which sensor saw it: the name as the data set writes it, and what it senses.</summary>
public sealed record Camera(string Name, Modality Modality = Modality.Visible);

/// <summary>
/// Frames of one identity from one camera; a still image is a tracklet of one. <see cref="Identity"/> and <see cref="Camera"/> index the
/// manifest's tables; <see cref="FirstFrame"/> and <see cref="FrameCount"/> its frames.
/// </summary>
public readonly record struct Tracklet(Split Split, int Identity, int Camera, int FirstFrame, int FrameCount)
{
    /// <summary>Nobody's identity, but kept in the gallery: it can never be matched.</summary>
    public const int Distractor = -1;

    public bool IsDistractor => Identity == Distractor;
}
