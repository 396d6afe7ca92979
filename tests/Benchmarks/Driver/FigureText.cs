using System.Globalization;

namespace ReidCloud.Benchmarks;

/// <summary>A figure as people read it, the same in every culture: three digits that count, and a dash for what is not known.</summary>
internal static class FigureText
{
    /// <summary>Below it zeros would be all that one sees.</summary>
    private const double Smallest = 1e-4;

    public static IReadOnlyList<string> Columns { get; } = ["what", "ours", "against", "theirs", "ratio", "target", "holds"];

    public static IReadOnlyList<string> Cells(Figure figure) =>
    [
        figure.What,
        Amount(figure.Ours, figure.Unit),
        figure.Against,
        Amount(figure.Theirs, figure.Unit),
        Ratio(figure.Ratio),
        Target(figure),
        figure.Holds switch { true => "yes", false => "no", null => "–" },
    ];

    public static string Line(Figure figure) => $"{figure.What}: {Amount(figure.Ours, figure.Unit)}, {(figure.Missing is { } missing ? missing : $"{Ratio(figure.Ratio)} x {figure.Against}")}";

    public static string Ratio(double ratio) => Number(ratio);

    public static string Number(double value) => Math.Abs(value) switch
    {
        double.NaN => "–",
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("F1", CultureInfo.InvariantCulture),
        >= 1 or 0 => value.ToString("F2", CultureInfo.InvariantCulture),
        >= Smallest => value.ToString($"F{2 - (int)Math.Floor(Math.Log10(Math.Abs(value)))}", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00E-0", CultureInfo.InvariantCulture),
    };

    private static string Amount(double value, string unit) => double.IsNaN(value) ? "–" : $"{Number(value)} {unit}".TrimEnd();

    private static string Target(Figure figure) => figure.AtMost is { } most ? $"≤ {Plain(most)}" : figure.AtLeast is { } least ? $"≥ {Plain(least)}" : "–";

    private static string Plain(double target) => target.ToString("0.####", CultureInfo.InvariantCulture);
}
