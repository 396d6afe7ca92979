using ReidCloud.GpuRunner;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Training;

[Collection(AloneCollection.Name)]
public sealed class SoakTests : TorchTests
{
    private const int StepsOfEach = 500;
    private const int Evaluations = 30;

    /// <summary>What allocator and collector may keep for themselves: 1 MB was measured. One image left behind by each step would be twice as much.</summary>
    private const long MostGrowth = 7_500_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("reid-soak-").FullName;

    [Fact]
    public void A_thousand_steps_and_many_evaluations_leave_as_many_tensors_and_as_much_memory_as_the_first_hundreds()
    {
        // What the tests before left to the allocators would go in the meantime, and hide what is left behind here.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        KeptMemory.GiveBack();
        foreach (var (role, curve) in new Soak(_folder).Run(StepsOfEach, Evaluations))
        {
            // On a busy machine a batch that is drawn ahead may not be there yet, and the last ones are not drawn ahead any more, so the most counts: what is left behind adds to
            // it. Evaluations make and drop tensors on several threads, and loading a model counts its parameters twice in the process: there only memory tells.
            var tensors = curve.Samples.Skip(1).Select(sample => sample.Tensors).ToList();
            Assert.True(
                role == Soak.Evaluation || tensors.Skip(tensors.Count / 2).Max() <= tensors.Take(tensors.Count / 2).Max(),
                $"{role}: live tensors {string.Join(", ", tensors)}");
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
