using TorchSharp.Modules;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>What a loss learns by plain gradient descent on its own, unweighted value, at a rate of its own from the first step to the last.</summary>
internal sealed record LearnedTensor(string Name, Parameter Value, double LearningRate);
