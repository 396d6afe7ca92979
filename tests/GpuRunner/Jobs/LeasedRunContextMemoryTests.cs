using ReidCloud.GpuRunner.Jobs;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Jobs;

/// <summary>What goes to the storage does not pile up here. Measured while nothing else runs in this process.</summary>
[Collection(AloneCollection.Name)]
public sealed class LeasedRunContextMemoryTests(AzuriteFixture azurite)
{
    /// <summary>Of events that wait, so many are kept, and as many may be on their way.</summary>
    private const int Waiting = 10_000;

    [Fact]
    public async Task Events_that_a_slow_storage_does_not_take_wait_in_a_bounded_number()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync(), patience: TimeSpan.FromMinutes(10));
        var run = await system.SubmitAsync(StorageSystem.Teacher with { Repeat = 3 });
        var hangs = proxy.Set(StorageFault.Hang, request => request.Blob.EndsWith("events.jsonl", StringComparison.Ordinal));

        await LeasedRunContextTests.AttemptAsync(system, run, async context =>
        {
            context.Tell(new RunEvent(default, RunEventKind.Note));
            await hangs.Met.WaitAsync(TimeSpan.FromSeconds(30));
            Tell(context, Waiting);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            Tell(context, 20 * Waiting);
            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4_000_000);
            hangs.Dispose();
            return null;
        });

        // The oldest are gone; the last ones are there.
        var events = await system.Store.ReadAllEventsAsync(run);
        Assert.InRange(events.Count, Waiting, 2 * Waiting + 2);
        Assert.Equal(20 * Waiting, events[^1].Step);

        static void Tell(LeasedRunContext context, int count)
        {
            for (var i = 1; i <= count; i++)
            {
                context.Tell(new RunEvent(default, RunEventKind.Step) { Step = i, Message = $"step {i}" });
            }
        }
    }

    [Fact]
    public async Task A_checkpoint_on_its_way_to_the_storage_is_never_in_memory_as_a_whole()
    {
        const int Length = 64 << 20;
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher with { Repeat = 4 });
        var piece = new byte[1 << 20];

        await LeasedRunContextTests.AttemptAsync(system, run, context =>
        {
            for (var epoch = 1; epoch <= 3; epoch++)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                context.SaveCheckpoint(epoch, 0, null, keep: 1, stream =>
                {
                    for (var i = 0; i < Length / piece.Length; i++)
                    {
                        piece[0] = (byte)epoch;
                        stream.Write(piece);
                    }
                });

                // What the client buffers, once, and takes from its pool the next time.
                Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, epoch == 1 ? Length : Length / 2);
            }

            return Task.FromResult<RunStatus?>(null);
        });

        Assert.Equal(3, (await system.StatusAsync(run)).Checkpoint!.Epoch);
    }
}
