namespace ReidCloud.Reports.Page;

/// <summary>Names and values below each other.</summary>
internal static class FactList
{
    public static Markup Of(IEnumerable<Fact> facts) =>
        Markup.Of($"<dl>{facts.Select(fact => Markup.Of($"<dt>{fact.Name}</dt><dd>{fact.Value}</dd>"))}</dl>");
}
