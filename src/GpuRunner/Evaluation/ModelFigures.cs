using ReidCloud.Reports;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>All that was measured of one model, in each setting in the order of the spec; owns what is kept of its embeddings.</summary>
internal sealed record ModelFigures(IReadOnlyList<SettingFigures> Figures) : IDisposable
{
    public IReadOnlyList<SettingMetrics> Settings => [.. Figures.Select(figures => figures.Metrics)];

    public IReadOnlyList<GalleryCurvePoint> GalleryCurve { get; init; } = [];
    public CameraBias? CameraBias { get; init; }

    /// <summary>Why something that was asked for was not measured.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Where they were asked for.</summary>
    public RetrievalEmbeddings? Embedded { get; init; }

    public void Dispose() => Embedded?.Dispose();
}
