namespace ReidCloud.Reports.Page.Charts;

/// <summary>Values between two ends as places along a drawing.</summary>
internal sealed record Axis(double From, double To, double Start, double End)
{
    public double At(double value) => Start + ((Math.Clamp(value, From, To) - From) / (To - From) * (End - Start));

    /// <summary>Lines across the whole height at the ticks, their labels below, and below those what is measured.</summary>
    public Markup Across(Ticks ticks, Func<double, string> label, string title, double top, double bottom) => Markup.Of(
        $"""
        <g class="axis">{ticks.Values.Select(tick => Markup.Of($"""<line x1="{At(tick)}" y1="{top}" x2="{At(tick)}" y2="{bottom}"/><text class="mid" x="{At(tick)}" y="{bottom + 15}">{label(tick)}</text>"""))}<text class="mid name" x="{(Start + End) / 2}" y="{bottom + 31}">{title}</text></g>
        """);

    /// <summary>Lines across the whole width at the ticks, and their labels at the left.</summary>
    public Markup Up(Ticks ticks, Func<double, string> label, double left, double right) => Markup.Of(
        $"""
        <g class="axis">{ticks.Values.Select(tick => Markup.Of($"""<line x1="{left}" y1="{At(tick)}" x2="{right}" y2="{At(tick)}"/><text class="end" x="{left - 6}" y="{At(tick) + 4}">{label(tick)}</text>"""))}</g>
        """);
}
