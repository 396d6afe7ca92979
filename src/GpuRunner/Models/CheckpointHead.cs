using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// What a checkpoint says about itself: the run's spec, the data set and its training identities in label order, the role of the model that is the
/// run's result, and the position, <see cref="Epoch"/> finished epochs and <see cref="Step"/> steps of the next. The learning rate, the batches and all
/// random numbers are functions of spec and position, so nothing else is needed to go on from it.
/// </summary>
internal sealed record CheckpointHead(
    TrainSpec Spec, string DatasetHash, IReadOnlyList<string> Identities, string ResultRole, int Epoch, int Step)
{
    /// <summary>Mean losses of the finished epochs.</summary>
    public IReadOnlyList<EpochLosses> Losses { get; init; } = [];

    /// <summary>What was measured on the way.</summary>
    public IReadOnlyList<EpochMetrics> Evaluations { get; init; } = [];

    /// <summary>Where batches go through networks camera by camera: how many sets were drawn so far, and how many of them had to be left out.</summary>
    public SetCounts? Sets { get; init; }

    /// <summary>Sums of the losses over the steps done of the epoch begun.</summary>
    public IReadOnlyDictionary<string, double> EpochSums { get; init; } = new Dictionary<string, double>();
}
