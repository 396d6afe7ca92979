using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>The terms of an objective under their names, unweighted, and their weighted sum.</summary>
internal sealed record StepLosses(IReadOnlyList<(string Name, Tensor Value)> Terms, Tensor Total)
{
    /// <summary>What is differentiated, where that is not the total: of several learners the sum of theirs.</summary>
    public Tensor Objective { get; init; } = Total;
}
