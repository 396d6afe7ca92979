using ReidCloud.Reports;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>All that was measured of one model.</summary>
internal sealed record ModelFigures(IReadOnlyList<SettingMetrics> Settings)
{
    public IReadOnlyList<GalleryCurvePoint> GalleryCurve { get; init; } = [];
    public CameraBias? CameraBias { get; init; }

    /// <summary>Why something that was asked for was not measured.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
