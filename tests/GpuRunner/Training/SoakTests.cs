using ReidCloud.GpuRunner;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Training;

[Collection(AloneCollection.Name)]
public sealed class SoakTests : TorchTests
{
    private const int StepsOfEach = 500;
    private const int Evaluations = 30;

    /// <summary>Of what is not managed, and of what is: about 0 was measured, or less. 30 KB left behind by each step are 9 MB.</summary>
    private const long MostGrowth = 4_000_000;

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
            AssertDoesNotGrow($"{role}, native", curve, sample => sample.NativeBytes);
            AssertDoesNotGrow($"{role}, managed", curve, sample => sample.ManagedBytes);
        }
    }

    private static void AssertDoesNotGrow(string what, MemoryCurve curve, Func<MemorySample, long> bytes) => Assert.True(
        curve.Least(0.8, 1, bytes) - curve.Least(0.2, 0.4, bytes) < MostGrowth,
        $"{what}: resident MB {string.Join(", ", curve.Samples.Select(sample => bytes(sample) / 1_000_000))}");

    public override void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }
}
