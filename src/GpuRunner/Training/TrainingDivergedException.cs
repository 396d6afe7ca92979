namespace ReidCloud.GpuRunner.Training;

/// <summary>A loss that is no number any more. Nothing of the step is kept.</summary>
internal sealed class TrainingDivergedException(string loss, double value, int epoch, int step, double learningRate) : Exception(
    $"the loss '{loss}' became {value} in epoch {epoch + 1}, step {step + 1}, at a learning rate of {learningRate:G3}: lower $.optimizer.learningRate, or look for broken images");
