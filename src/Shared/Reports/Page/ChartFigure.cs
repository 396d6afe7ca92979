namespace ReidCloud.Reports.Page;

/// <summary>A chart with its caption, and its numbers for those who want or need them.</summary>
internal static class ChartFigure
{
    public static Markup Of(string caption, Markup chart, DataTable numbers) => Markup.Of(
        $"""
        <figure class="chart"><figcaption>{caption}</figcaption>
        {chart}
        <details><summary>Numbers<span class="unseen"> of: {caption}</span></summary>{numbers.Draw()}</details></figure>

        """);

    /// <summary>Several beside each other where there is room.</summary>
    public static Markup Row(IEnumerable<Markup> figures) => Markup.Join(figures) is { IsEmpty: false } all ? Markup.Of($"""<div class="charts">{all}</div>""") : Markup.Empty;
}
