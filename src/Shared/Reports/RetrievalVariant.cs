using System.Globalization;
using ReidCloud.Specs;

namespace ReidCloud.Reports;

/// <summary>How the distances behind some figures came about.</summary>
public sealed record RetrievalVariant
{
    public RetrievalDistance Distance { get; init; }

    /// <summary>All images of an identity by one camera are one query.</summary>
    public bool MultiQuery { get; init; }
    public bool QueryExpansion { get; init; }

    /// <summary>By k-reciprocal neighbors.</summary>
    public bool ReRanked { get; init; }

    /// <summary>Of SYSU-MM01's galleries one that is not the first.</summary>
    public DrawnGallery? Gallery { get; init; }

    /// <summary>The gallery is searched for among the queries.</summary>
    public bool Reversed { get; init; }

    /// <summary>One query image, global features, neither expanded nor re-ranked, the queries in the first gallery: that needs no word in a report.</summary>
    public static RetrievalVariant? Named(RetrievalVariant variant) => variant == new RetrievalVariant() ? null : variant;

    /// <summary>`image-to-image`, `image-to-image/local/re-ranked`.</summary>
    public static string NameOf(RetrievalSetting setting, RetrievalVariant? variant) =>
        string.Join('/', Words(variant ?? new RetrievalVariant()).Prepend(NameConverterFactory.NameOf(setting)));

    /// <summary>`local/re-ranked`; nothing where all is plain.</summary>
    public static string NameOf(RetrievalVariant? variant) => string.Join('/', Words(variant ?? new RetrievalVariant()));

    private static IEnumerable<string> Words(RetrievalVariant variant)
    {
        if (variant.Distance != RetrievalDistance.Global)
        {
            yield return NameConverterFactory.NameOf(variant.Distance);
        }

        foreach (var (isSo, word) in new[] { (variant.MultiQuery, "multi-query"), (variant.QueryExpansion, "expanded"), (variant.ReRanked, "re-ranked"), (variant.Reversed, "reversed") })
        {
            if (isSo)
            {
                yield return word;
            }
        }

        if (variant.Gallery is { } gallery)
        {
            yield return NameConverterFactory.NameOf(gallery.Search);
            yield return string.Create(CultureInfo.InvariantCulture, $"{gallery.Shots}-shot");
        }
    }
}

/// <summary>Images of so many an identity and camera, drawn for a gallery of SYSU-MM01.</summary>
public sealed record DrawnGallery(GallerySearch Search, int Shots);
