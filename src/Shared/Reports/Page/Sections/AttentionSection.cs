namespace ReidCloud.Reports.Page.Sections;

/// <summary>Where the models look: the image, and Grad-CAM maps upon it side by side.</summary>
internal static class AttentionSection
{
    private const long MostBytes = 500_000;

    public static PageSection? Of(ReportInsights insights, ModelTitles titles)
    {
        var bytes = 0L;
        List<AttentionPair> shown = [.. insights.Attention.TakeWhile(pair => (bytes += pair.Original.Bytes.Length + pair.Map.Bytes.Length + (pair.Against?.Bytes.Length ?? 0)) <= MostBytes)];
        var more = insights.Attention.Count - shown.Count;
        return shown.Count == 0 ? null : PageSection.Of(
            "attention",
            "Where the models look",
            Markup.Of($"""<p class="note">Grad-CAM: the redder, the more the place decides{(shown.Any(pair => pair.Against is not null) ? "; both maps of an image have one scale" : "")}.{(more > 0 ? $" {Amounts.Count(more)} more are in {RunFileName.Insights}." : "")}</p>"""),
            Markup.Of($"""<div class="seen">{shown.Select(pair => Of(pair, titles))}</div>"""));
    }

    private static Markup Of(AttentionPair pair, ModelTitles titles)
    {
        var who = PictureTag.Named(pair.Identity, pair.Camera);
        return Markup.Of($"<div>{Figure(pair.Original, $"Image: {who}", who)}{Figure(pair.Map, $"Where the {titles.First} looks: {who}", titles.First)}{(pair.Against is { } against ? Figure(against, $"Where the {titles.Second} looks: {who}", titles.Second) : Markup.Empty)}</div>");
    }

    private static Markup Figure(Picture picture, string alt, string caption) => Markup.Of($"<figure>{PictureTag.Of(picture, alt)}<figcaption>{caption}</figcaption></figure>");
}
