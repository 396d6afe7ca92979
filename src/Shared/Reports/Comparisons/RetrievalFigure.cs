using System.Text.Json.Serialization;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

/// <summary>Which of the figures of runs is meant: of a setting, by a way of searching, and in mutual learning of which peer.</summary>
public abstract record RetrievalFigure(RetrievalSetting Setting)
{
    /// <summary>How the distances came about, where that is not the plain way.</summary>
    public RetrievalVariant? Variant { get; init; }

    /// <summary>Null is the run's own model, which in mutual learning is the first peer.</summary>
    public int? Peer { get; init; }

    /// <summary>`image-to-image/local/re-ranked`, of whichever peer.</summary>
    public string Name => RetrievalVariant.NameOf(Setting, Variant);

    /// <summary>For people: `image-to-image, local distance, re-ranked, peer 2`.</summary>
    [JsonIgnore]
    public string Title => RetrievalTitle.Of(Setting, Variant, Peer);

    /// <summary>The run's own model searching in the plain way: what is said first.</summary>
    [JsonIgnore]
    public bool IsPlain => Variant is null && Peer is null;
}
