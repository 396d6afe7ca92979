using System.Globalization;

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

    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("F0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("F2", CultureInfo.InvariantCulture),
        _ => value.ToString("G3", CultureInfo.InvariantCulture),
    };
}
