using ReidCloud.Reports;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>One way in which galleries are drawn, and the gallery of each trial.</summary>
/// <param name="Variant">What its figures are called.</param>
internal sealed record TrialForm(RetrievalVariant Variant, IReadOnlyList<TrialGallery> Trials);
