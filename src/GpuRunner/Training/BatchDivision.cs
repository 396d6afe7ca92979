using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Training;

/// <summary>In which parts a batch goes through a network, each with batch-norm statistics of its own: in so many equal ones, or in one of each camera.</summary>
internal sealed record BatchDivision(int Replicas = 1)
{
    public bool ByCamera { get; init; }

    public static BatchDivision Of(TrainSpec spec) => new(spec.Replicas) { ByCamera = spec.CameraBatchNorm is not null };

    public static implicit operator BatchDivision(int replicas) => new(replicas);
}
