using System.Text.Json;

namespace ReidCloud.Benchmarks;

internal enum RatioVerdict
{
    Same,
    Improved,
    Worse,

    /// <summary>No ratio is kept for it.</summary>
    New,

    /// <summary>This machine lacks the other side.</summary>
    Missing,
}

/// <summary>A figure's ratio beside the kept one.</summary>
internal sealed record RatioChange(Figure Figure, double? Kept, RatioVerdict Verdict);

/// <summary>
/// The brief figures' ratios as they once were: tests/Benchmarks/ratios.json. Times are not kept: another machine has others, and so has this one when it is busy.
/// </summary>
/// <param name="Machine">Which they were taken on. Where caches and cores are others, so are some ratios.</param>
/// <param name="Ratios">By measurement and what it is of.</param>
internal sealed record KeptRatios(string Machine, SortedDictionary<string, SortedDictionary<string, double>> Ratios)
{
    /// <summary>How much worse a ratio may be. Brief figures of one machine, busy and idle, differ by less.</summary>
    public const double Tolerance = 0.25;

    private const int Digits = 4;

    private static readonly JsonSerializerOptions Dialect = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static KeptRatios Read(string file) => File.Exists(file) ? JsonSerializer.Deserialize<KeptRatios>(File.ReadAllText(file), Dialect)! : new KeptRatios("", []);

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Dialect).ReplaceLineEndings("\n") + "\n");

    /// <summary>With a measurement's ratios in place of those it had.</summary>
    public KeptRatios With(string name, Machine machine, IEnumerable<Figure> figures)
    {
        var all = new SortedDictionary<string, SortedDictionary<string, double>>(Ratios, StringComparer.Ordinal)
        {
            [name] = new(figures.Where(figure => double.IsFinite(figure.Ratio)).ToDictionary(figure => figure.What, figure => Rounded(figure.Ratio)), StringComparer.Ordinal),
        };
        return new KeptRatios(machine.Processor, all);
    }

    public IEnumerable<RatioChange> Compare(string name, IEnumerable<Figure> figures)
    {
        var kept = Ratios.GetValueOrDefault(name) ?? [];
        foreach (var figure in figures)
        {
            double? before = kept.TryGetValue(figure.What, out var ratio) ? ratio : null;
            yield return new RatioChange(figure, before, Verdict(figure, before));
        }
    }

    /// <summary>What is kept of a measurement and was not measured now: it was renamed, or this machine left it out.</summary>
    public IEnumerable<string> Gone(string name, IEnumerable<Figure> figures) => (Ratios.GetValueOrDefault(name) ?? []).Keys.Except(figures.Select(figure => figure.What));

    private static RatioVerdict Verdict(Figure figure, double? before)
    {
        if (!double.IsFinite(figure.Ratio))
        {
            return RatioVerdict.Missing;
        }

        if (before is not { } kept)
        {
            return RatioVerdict.New;
        }

        // Where a target is a least, or the unit is a rate, more is better.
        var isMoreBetter = figure.AtLeast is not null || (figure.AtMost is null && figure.Unit.EndsWith("/s", StringComparison.Ordinal));
        var worse = isMoreBetter ? kept / figure.Ratio : figure.Ratio / kept;
        return worse > 1 + Tolerance ? RatioVerdict.Worse : worse < 1 / (1 + Tolerance) ? RatioVerdict.Improved : RatioVerdict.Same;
    }

    private static double Rounded(double ratio) => ratio == 0 ? 0 : Math.Round(ratio, Math.Clamp(Digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(ratio))), 0, 15));
}
