using ReidCloud.GpuRunner;

namespace ReidCloud.Tests.GpuRunner;

public sealed class WorkerProcessTests
{
    [Fact]
    public void A_worker_keeps_the_memory_that_its_steps_give_back() =>
        Assert.Contains("glibc.malloc.trim_threshold=", WorkerProcess.StartInfo("7").Environment[KeptMemory.Variable]);

    [Fact]
    public void What_a_person_has_set_for_memory_stays()
    {
        var environment = new Dictionary<string, string?> { [KeptMemory.Variable] = "glibc.malloc.perturb=1" };

        KeptMemory.In(environment);

        Assert.Equal("glibc.malloc.perturb=1", environment[KeptMemory.Variable]);
    }
}
