namespace ReidCloud.Specs;

/// <summary>Which frames of a drawn tracklet stand for it in a batch: spec of VKD §3.2.</summary>
public enum ViewSelection
{
    /// <summary>One random frame out of each of N consecutive chunks.</summary>
    Chunk,

    /// <summary>The first frame of each chunk, the same every time.</summary>
    Temporal,

    /// <summary>Random frames of randomly drawn tracklets of the same identity, in turn.</summary>
    MultiView,

    /// <summary>N random frames, without replacement where there are N.</summary>
    Random,
}

/// <summary>What an epoch draws.</summary>
public enum IdentityDraw
{
    /// <summary>Each identity once, with K of its tracklets: VKD's and AlignedReID's.</summary>
    EachIdentityOnce,

    /// <summary>
    /// Each tracklet at most once: those of an identity are shuffled and cut into groups of K (who has fewer has one group, drawn with replacement), and batches take a group of each of P random identities, as
    /// long as P have one left. So epochs differ a little in length. Spec of camera-based batch normalization §3.2; the bag of tricks has it, too.
    /// </summary>
    EachTrackletOnce,

    /// <summary>
    /// P distinct identities for each batch anew, so that an epoch is no pass over them. It has as many batches as P · K tracklets each go into all tracklets; where <see cref="SamplingSpec.Modalities"/> is
    /// set, as half as many go into those of the modality that has more. MVD's program at MindSpore.
    /// </summary>
    AnyIdentities,
}

/// <summary>How the tracklets of a batch are spread over what their cameras sense.</summary>
public enum ModalityMix
{
    /// <summary>Nobody looks.</summary>
    Any,

    /// <summary>Of each identity half of the K tracklets are visible and half infrared, in turn: V, I, V, I … (MVD's PyTorch program). Who was seen by one modality alone is not drawn, and the report says how many.</summary>
    Interleaved,

    /// <summary>The same, but all visible tracklets of the batch come before all infrared ones, those of identities in the same order (MVD's program at MindSpore).</summary>
    VisibleFirst,
}

/// <summary>
/// P identities × K tracklets a batch, each tracklet shown by N views (the method says how many): spec of VKD §3.3. VKD draws
/// <see cref="Views"/> by chunk for a teacher and multi-view for a student.
/// </summary>
public sealed record SamplingSpec(int Identities = 8, int Tracklets = 4)
{
    public ViewSelection Views { get; init; } = ViewSelection.Chunk;
    public IdentityDraw Draw { get; init; }
    public ModalityMix Modalities { get; init; }

    /// <summary>Draw an identity's tracklets with replacement also where there are enough: MVD's program at MindSpore.</summary>
    public bool WithReplacement { get; init; }

    /// <summary>Train on the identities that are left at the end of an epoch, too, in a smaller batch: AlignedReID does in mutual learning only.</summary>
    public bool KeepLastBatch { get; init; }
}
