using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

/// <summary>As a run on the CPU is: work split between threads adds up in the same order every time.</summary>
[Collection(AloneCollection.Name)]
public sealed class SeveralThreadsTests : TorchTests
{
    [Fact]
    public void A_run_stopped_and_resumed_ends_with_the_same_bytes()
    {
        var threads = get_num_threads();
        set_num_threads(2);
        try
        {
            TrainerTests.StopAndResume(TrainingCases.Spec(0));
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
