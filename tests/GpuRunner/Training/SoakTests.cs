using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Training;

public sealed class SoakTests : TorchTests
{
    private const int StepsOfEach = 1000;
    private const int Evaluations = 60;

    /// <summary>What allocator and collector may keep for themselves: 1 MB was measured. One image left behind by each step would be twice as much.</summary>
    private const long MostGrowth = 15_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("reid-soak-").FullName;

    [Fact]
    public void Thousands_of_steps_and_many_evaluations_leave_as_many_tensors_and_as_much_memory_as_the_first_hundreds()
    {
        foreach (var (role, curve) in new Soak(_folder).Run(StepsOfEach, Evaluations))
        {
            // The last batches are not drawn ahead any more. Evaluations make and drop tensors on several threads, and loading a model counts its parameters twice in
            // the process: there only memory tells.
            Assert.True(
                role == Soak.Evaluation || curve.Samples.Skip(1).SkipLast(1).DistinctBy(sample => sample.Tensors).Count() == 1,
                $"{role}: live tensors {string.Join(", ", curve.Samples.Select(sample => sample.Tensors))}");
            var (before, after) = (curve.MedianBytes(0.2, 0.4), curve.MedianBytes(0.8, 1));
            Assert.True(after - before < MostGrowth, $"{role}: resident MB {string.Join(", ", curve.Samples.Select(sample => sample.Bytes / 1_000_000))}");
        }
    }

    public override void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }
}
