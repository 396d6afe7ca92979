using System.Globalization;

namespace ReidCloud.Reports.Page;

/// <summary>Numbers as people read them in a report, the same in every culture.</summary>
internal static class Amounts
{
    public const double Significant = 0.05;
    private const double SmallestP = 0.001;
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A fraction as the field prints metrics: 0.8766 is `87.7 %`.</summary>
    public static string Percent(double fraction) => $"{Hundredths(fraction)} %";

    /// <summary>`85.9–89.1`, in percent.</summary>
    public static string Range(Interval interval) => $"{Hundredths(interval.Low)}–{Hundredths(interval.High)}";

    /// <summary>`77.3 % (75.6–79.0)`.</summary>
    public static string PercentWithin(double fraction, Interval? interval) => interval is null ? Percent(fraction) : $"{Percent(fraction)} ({Range(interval)})";

    /// <summary>A difference of fractions in percentage points: `+3.9`, `−0.4`, `0.0`.</summary>
    public static string Points(double difference)
    {
        var text = Hundredths(Math.Abs(difference));
        return text == "0.0" ? text : difference > 0 ? $"+{text}" : $"−{text}";
    }

    /// <summary>`+2.8 to +5.0`.</summary>
    public static string Points(Interval interval) => $"{Points(interval.Low)} to {Points(interval.High)}";

    /// <summary>`p < 0.001`, `p = 0.034`.</summary>
    public static string P(double p) => p < SmallestP ? "p < 0.001" : string.Create(CultureInfo.InvariantCulture, $"p = {p:0.000}");

    /// <summary>`11,659`.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>`42 s`, `12 min 5 s`, `3 h 7 min`, `2 d 4 h`.</summary>
    public static string Duration(double seconds) => TimeSpan.FromSeconds(Math.Round(Math.Max(0, seconds), seconds < 10 ? 1 : 0)) switch
    {
        { TotalDays: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h"),
        { TotalHours: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min"),
        { TotalMinutes: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        var time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
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

    /// <summary>A small fraction in percent with all of its digits that count: 0.0001 is `0.01 %`.</summary>
    public static string Rate(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:0.######} %");

    /// <summary>Three digits that count: `342`, `31.5`, `0.0123`, `1.2e-7`.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1e6 or < 1e-4 => value.ToString("0.##e-0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("G3", CultureInfo.InvariantCulture),
    };

    private static string Hundredths(double fraction)
    {
        var text = (fraction * 100).ToString("F1", CultureInfo.InvariantCulture);
        return text == "-0.0" ? "0.0" : text;
    }
}
