using System.Globalization;
using ReidCloud.Reports;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Of how many queries a match is exactly as far as what is none, so that the gallery's order decides which ranks first, and what both kinds of mAP are where equal distances are
/// one threshold.
/// </summary>
internal readonly record struct RankTies(int Queries, double MapTrapezoidal, double MapStandard)
{
    /// <summary>Less does not show in a report.</summary>
    private const double Visible = 0.5e-4;

    /// <summary>Null where it makes no difference that one could see.</summary>
    public string? Warning(SettingMetrics figures) =>
        Queries == 0 || Math.Max(Math.Abs(MapTrapezoidal - figures.MapTrapezoidal), Math.Abs(MapStandard - figures.MapStandard)) < Visible ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{RetrievalTitle.Of(figures)}: in {Queries} of {figures.Queries} queries a match is exactly as far as what is none, and which ranks first is but their order in the gallery; with equal distances as one, mAP (trapezoidal) is {MapTrapezoidal:F4} and mAP (standard) {MapStandard:F4}. Many items that do not differ are a sign of a collapsed model");
}
