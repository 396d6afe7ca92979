namespace ReidCloud.GpuRunner.Models;

/// <summary>Names the random numbers that a network draws in one step: whoever asks for the same step gets the same, so a resumed run needs its position and nothing more.</summary>
/// <param name="Role">Of the network, so that two of one run draw different ones.</param>
internal sealed record StepName(long Seed, string Role, int Epoch, int Step);
