using System.Globalization;
using ReidCloud.Specs;

namespace ReidCloud.Reports;

/// <summary>What people call figures; programs call them by <see cref="RetrievalVariant.NameOf"/>. A setting by the name that requests have for it, and what is not plain about it in words.</summary>
public static class RetrievalTitle
{
    /// <summary>What figures are called whose distances came about in the plain way, beside others.</summary>
    public const string Plain = "plain";

    /// <summary>`image-to-image`, `image-to-image, local distance, re-ranked`.</summary>
    public static string Of(SettingMetrics metrics) => Of(metrics.Setting, metrics.Variant);

    /// <summary>`image-to-image, re-ranked, peer 2`.</summary>
    public static string Of(RetrievalSetting setting, RetrievalVariant? variant = null, int? peer = null) =>
        string.Join(", ", [NameConverterFactory.NameOf(setting), .. Words(variant), .. peer is { } number ? [OfPeer(number)] : Array.Empty<string>()]);

    /// <summary>`local distance, re-ranked`; `plain`.</summary>
    public static string Of(RetrievalVariant? variant) => Words(variant).ToList() is { Count: > 0 } words ? string.Join(", ", words) : Plain;

    /// <summary>`indoor search, single-shot`; `all search, 10 shots`.</summary>
    public static string Of(DrawnGallery gallery) => string.Create(
        CultureInfo.InvariantCulture,
        $"{NameConverterFactory.NameOf(gallery.Search).Replace('-', ' ')}, {(gallery.Shots == 1 ? "single-shot" : $"{gallery.Shots} shots")}");

    public static string OfPeer(int peer) => string.Create(CultureInfo.InvariantCulture, $"peer {peer}");

    /// <summary>`cross-camera gallery, single shot, 100 draws`. With one image an identity there is one match, so how many count is no matter.</summary>
    public static string Of(CmcSpec definition) => string.Join(", ",
    [
        .. definition.SeparateCameraSet ? ["cross-camera gallery"] : Array.Empty<string>(),
        .. definition.SingleGalleryShot
            ? ["single shot", string.Create(CultureInfo.InvariantCulture, $"{definition.Repeats} {(definition.Repeats == 1 ? "draw" : "draws")}")]
            : (string[])["all shots", definition.FirstMatchBreak ? "first match" : "every match by its share"],
    ]);

    private static IEnumerable<string> Words(RetrievalVariant? variant)
    {
        if (variant is not { } way)
        {
            yield break;
        }

        if (way.Distance != RetrievalDistance.Global)
        {
            yield return $"{NameConverterFactory.NameOf(way.Distance)} distance";
        }

        foreach (var (isSo, word) in new[] { (way.MultiQuery, "multi-query"), (way.QueryExpansion, "expanded"), (way.ReRanked, "re-ranked"), (way.Reversed, "gallery to queries") })
        {
            if (isSo)
            {
                yield return word;
            }
        }

        if (way.Gallery is { } gallery)
        {
            yield return Of(gallery);
        }
    }
}
