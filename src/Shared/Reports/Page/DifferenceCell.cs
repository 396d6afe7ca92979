namespace ReidCloud.Reports.Page;

/// <summary>A paired difference in a table. One that chance seldom brings is named better or worse; color only repeats the word.</summary>
internal static class DifferenceCell
{
    /// <summary>Of the reported model's figures to the other's, tested where they were.</summary>
    public static Markup Of(ReportMetric metric, SettingMetrics ours, ReportedModel other) => (other.Difference(ours, metric), other.Of(ours)) switch
    {
        ({ } paired, _) => Of(paired),
        (null, { } theirs) => Markup.Of($"{Amounts.Points(metric.ValueOf(ours) - metric.ValueOf(theirs))}"),
        _ => Markup.Of($"–"),
    };

    public static Markup Of(PairedDifference paired)
    {
        var (word, style) = paired.PValue >= Amounts.Significant || paired.Difference == 0 ? ("undecided", "soft") : paired.Difference > 0 ? ("▲ better", "better") : ("▼ worse", "worse");
        return Markup.Of($"""{Amounts.Points(paired.Difference)} <span class="{style}">{word}</span><small>{Kept(Amounts.Points(paired.Interval))}, {Kept(Amounts.P(paired.PValue))}</small>""");
    }

    /// <summary>On one line.</summary>
    private static string Kept(string words) => words.Replace(' ', '\u00A0');
}
