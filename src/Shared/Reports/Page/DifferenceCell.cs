namespace ReidCloud.Reports.Page;

/// <summary>A paired difference in a table. One that chance seldom brings is named better or worse; color only repeats the word.</summary>
internal static class DifferenceCell
{
    public static Markup Of(PairedDifference paired)
    {
        var (word, style) = paired.PValue >= Amounts.Significant || paired.Difference == 0 ? ("undecided", "soft") : paired.Difference > 0 ? ("▲ better", "better") : ("▼ worse", "worse");
        return Markup.Of($"""{Amounts.Points(paired.Difference)} <span class="{style}">{word}</span><small>{Amounts.Points(paired.Interval)}, {Amounts.P(paired.PValue)}</small>""");
    }
}
