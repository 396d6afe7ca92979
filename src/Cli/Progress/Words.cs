using System.Globalization;
using ReidCloud.Reports;

namespace ReidCloud.Cli.Progress;

/// <summary>Amounts as people read them, the same in every culture.</summary>
internal static class Words
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>`0:42`, `12:05`, `3:07:00`; `–` when unknown.</summary>
    public static string Duration(TimeSpan? time) => time switch
    {
        null => "–",
        { TotalHours: >= 1 } long_ => string.Create(CultureInfo.InvariantCulture, $"{(int)long_.TotalHours}:{long_.Minutes:D2}:{long_.Seconds:D2}"),
        { } short_ => string.Create(CultureInfo.InvariantCulture, $"{short_.Minutes}:{short_.Seconds:D2}"),
    };

    /// <summary>`934 B`, `1.2 MiB`.</summary>
    public static string Bytes(double count)
    {
        var unit = 0;
        for (; count >= 1024 && unit < Units.Length - 1; unit++)
        {
            count /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 ? Math.Round(count) : Math.Round(count, 1)):0.#} {Units[unit]}");
    }

    /// <summary>A fraction as the field prints metrics: 0.8766 is `87.7 %`.</summary>
    public static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:F1} %");

    /// <summary>With its error bar, where there is one: `87.7 % (85.9–89.2)`.</summary>
    public static string Percent(double fraction, Interval? interval) =>
        Percent(fraction) + (interval is null ? "" : string.Create(CultureInfo.InvariantCulture, $" ({interval.Low * 100:F1}–{interval.High * 100:F1})"));

    /// <summary>A difference of two fractions in percentage points: `+1.2`.</summary>
    public static string Points(double difference)
    {
        var text = (difference * 100).ToString("F1", CultureInfo.InvariantCulture);
        return text is "0.0" or "-0.0" ? "0.0" : difference > 0 ? $"+{text}" : text;
    }

    /// <summary>`+1.2 (0.3 to 2.1)`.</summary>
    public static string Points(double difference, Interval interval) => $"{Points(difference)} ({Points(interval.Low)} to {Points(interval.High)})";

    /// <summary>How likely it is by chance: `0.032`, `< 0.001`.</summary>
    public static string Chance(double probability) => probability < 0.001 ? "< 0.001" : probability.ToString("F3", CultureInfo.InvariantCulture);

    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("F0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("F2", CultureInfo.InvariantCulture),
        _ => value.ToString("G3", CultureInfo.InvariantCulture),
    };
}
