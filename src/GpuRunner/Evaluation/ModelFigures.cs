using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>All that was measured of one model, in each setting in the order of the spec and in each form of it; owns what is kept of its embeddings.</summary>
internal sealed record ModelFigures(IReadOnlyList<SettingFigures> Figures) : IDisposable
{
    public IReadOnlyList<SettingMetrics> Settings => [.. Figures.Select(figures => figures.Metrics)];

    /// <summary>Of a setting by global features, with one image a query, neither expanded nor re-ranked.</summary>
    public SettingFigures Plain(RetrievalSetting setting) => Figures.First(figures => figures.Metrics.Setting == setting && figures.Metrics.Variant is null);

    public IReadOnlyList<GalleryCurvePoint> GalleryCurve { get; init; } = [];
    public CameraBias? CameraBias { get; init; }
    public ModalityBias? ModalityBias { get; init; }

    /// <summary>What the statistics of each camera stood on, where each has its own.</summary>
    public IReadOnlyList<CameraStatisticsBasis> CameraStatistics { get; init; } = [];

    /// <summary>Warnings that are the same for every model on the data: whose statistics are rough.</summary>
    public IReadOnlyList<string> SmallCameras { get; init; } = [];

    /// <summary>Why something that was asked for was not measured.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Where they were asked for.</summary>
    public RetrievalEmbeddings? Embedded { get; init; }

    public void Dispose() => Embedded?.Dispose();
}
