using ReidCloud.Datasets;

namespace ReidCloud.Reports.Page;

/// <summary>A picture within the page, with its words for those who do not see it.</summary>
internal static class PictureTag
{
    private const int LongestName = 40;

    public static Markup Of(Picture picture, string alt) => Markup.Of(
        $"""<img src="data:{picture.ContentType};base64,{Convert.ToBase64String(picture.Bytes)}" width="{picture.Width}" height="{picture.Height}" alt="{alt}" decoding="async"/>""");

    /// <summary>Short enough to be read out.</summary>
    public static string Named(string? identity, string camera) =>
        $"{(identity is null ? "distractor" : $"identity {ForeignText.Short(identity, LongestName)}")}, camera {ForeignText.Short(camera, LongestName)}";
}
