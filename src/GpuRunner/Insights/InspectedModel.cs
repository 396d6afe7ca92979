using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>A model that was measured, on the device: what it sees, what came out, and its embeddings, which are given up with this.</summary>
/// <param name="HasClassifier">Whether its classifier was trained.</param>
internal sealed record InspectedModel(ReidModel Model, InputSpec Input, ModelFigures Measured, bool HasClassifier) : IDisposable
{
    public void Dispose() => Measured.Dispose();
}
