using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs.Models;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Jobs;

public sealed class LeasedRunContextTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Keeps_the_last_and_the_best_over_all_attempts_and_leaves_nothing_else()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);

        await AttemptAsync(system, run, context =>
        {
            Save(context, 1, 0.9);
            Save(context, 2, 0.5);
            Save(context, 3, null);
            Save(context, 4, 0.6);
            return Task.FromResult<RunStatus?>(null);
        });
        Assert.Equal(["attempt-1/epoch-0001-step-00000.safetensors", "attempt-1/epoch-0003-step-00000.safetensors", "attempt-1/epoch-0004-step-00000.safetensors"], await CheckpointsAsync(system, run));

        // The second attempt is as good as the best, and dies when it has put, but not yet pointed at, two blobs.
        await AttemptAsync(system, run, context =>
        {
            Save(context, 5, 0.8);
            context.SaveFile("half.png", stream => stream.WriteByte(1));
            return Task.FromResult<RunStatus?>(null);
        });
        await PutAsync(system, RunPaths.Checkpoint(run, 2, 6, 0));
        await PutAsync(system, RunPaths.Report(run, 2));
        await PutAsync(system, RunPaths.ReportPage(run, 2));
        Assert.Equal((1, 0.9), Best(await system.StatusAsync(run)));

        await AttemptAsync(system, run, async context =>
        {
            await system.Store.RemoveLeftoversAsync(run, await system.StatusAsync(run), CancellationToken.None);
            Assert.Equal(
                ["attempt-1/epoch-0001-step-00000.safetensors", "attempt-1/epoch-0004-step-00000.safetensors", "attempt-2/epoch-0005-step-00000.safetensors"],
                await CheckpointsAsync(system, run));
            Save(context, 6, 0.7);
            Save(context, 7, null);
            context.SaveFile("map.png", stream => stream.WriteByte(1));
            context.Measured([Metrics(0.3)]);
            await PutReportAsync(system, run, 3, context.Files);
            foreach (var blob in RunPaths.ReportsForPeople(run, 3))
            {
                await PutAsync(system, blob);
            }

            return await context.CloseAsync() with { State = RunState.Succeeded, Report = RunPaths.Report(run, 3) };
        });

        var end = await system.StatusAsync(run);
        Assert.Equal((1, 0.9), Best(end));
        Assert.Equal((7, 0.3), (end.Checkpoint!.Epoch, end.Checkpoint.Score));
        Assert.Equal([6], end.OlderCheckpoints.Select(older => older.Epoch));
        Assert.Equal(
            [
                "attempt-1/end.json", "attempt-1/epoch-0001-step-00000.safetensors", "attempt-1/events.jsonl", "attempt-2/end.json", "attempt-2/events.jsonl", "attempt-3/end.json",
                "attempt-3/epoch-0006-step-00000.safetensors", "attempt-3/epoch-0007-step-00000.safetensors", "attempt-3/events.jsonl",
                "attempt-3/files/map.png", "attempt-3/report.csv", "attempt-3/report.html", "attempt-3/report.json", "attempt-3/report.md", "spec.json", "status.json",
            ],
            await ListAsync(system, run));
        var files = (await system.Store.GetFilesAsync(run, CancellationToken.None))!;
        Assert.Equal(
            ["map.png", RunFileName.ReportTable, RunFileName.ReportPage, RunFileName.ReportText, RunFileName.Checkpoint, RunFileName.Best], files.Select(file => file.Name));
        Assert.Equal((end.BestCheckpoint!.Blob, end.BestCheckpoint.Sha256, 1L), (files[5].Blob, files[5].Sha256, files[5].Length));
        var (page, content) = (files[2], Encoding.UTF8.GetBytes(RunPaths.ReportPage(run, 3)));
        Assert.Equal(
            (RunPaths.ReportPage(run, 3), Convert.ToHexStringLower(SHA256.HashData(content)), content.LongLength), (page.Blob, page.Sha256, page.Length));
    }

    [Fact]
    public async Task What_fails_in_the_background_is_told_and_fails_no_run()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync());
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        using var refused = proxy.Set(StorageFault.Answer(403, "AuthorizationFailure"), request => request.Blob == RunPaths.Cancel(run));
        await using var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!;
        await lease.WriteAsync(lease.Status.Begun("here", 1L << 40, system.Clock.GetUtcNow()), CancellationToken.None);
        var told = new List<RunEvent>();
        await using var context = new LeasedRunContext(system.Store, lease, system.Clock, Path.GetTempPath(), told.Add, CancellationToken.None);
        await refused.Met.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(1, (await context.CloseAsync()).Attempt);

        Assert.Contains("403", Assert.Single(told).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_as_good_as_the_best_is_the_best()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher with { Repeat = 1 });

        await AttemptAsync(system, run, async context =>
        {
            Save(context, 1, 0.9);
            Save(context, 2, 0.5);
            Save(context, 3, null);
            context.Measured([Metrics(0.9)]);
            await PutReportAsync(system, run, 1, context.Files);
            return await context.CloseAsync() with { State = RunState.Succeeded, Report = RunPaths.Report(run, 1) };
        });

        Assert.Equal((3, 0.9), Best(await system.StatusAsync(run)));
        Assert.Equal(["attempt-1/epoch-0002-step-00000.safetensors", "attempt-1/epoch-0003-step-00000.safetensors"], await CheckpointsAsync(system, run));
        Assert.Equal([RunFileName.Checkpoint], (await system.Store.GetFilesAsync(run, CancellationToken.None))!.Select(file => file.Name));
    }

    [Fact]
    public async Task What_a_later_attempt_writes_is_not_for_an_earlier_one_to_remove()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher with { Repeat = 2 });
        await AttemptAsync(system, run, _ => Task.FromResult<RunStatus?>(null));
        var stale = await system.StatusAsync(run);
        await PutAsync(system, RunPaths.Checkpoint(run, 2, 1, 0));

        await system.Store.RemoveLeftoversAsync(run, stale, CancellationToken.None);

        Assert.Equal(["attempt-2/epoch-0001-step-00000.safetensors"], await CheckpointsAsync(system, run));
    }

    /// <summary>One more attempt, which dies without a word where it has no status to end with.</summary>
    internal static async Task AttemptAsync(StorageSystem system, RunId run, Func<LeasedRunContext, Task<RunStatus?>> work)
    {
        await using var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!;
        await lease.WriteAsync(lease.Status with { State = RunState.Running, Attempt = lease.Status.Attempt + 1 }, CancellationToken.None);
        await PutAsync(system, RunPaths.AttemptEnd(run, lease.Status.Attempt));
        var scratch = Path.Combine(Path.GetTempPath(), $"reidcloud-{Guid.NewGuid():N}");
        try
        {
            await using var context = new LeasedRunContext(system.Store, lease, TimeProvider.System, scratch, _ => { }, CancellationToken.None);
            context.Tell(new RunEvent(default, RunEventKind.Claimed));
            if (await work(context) is { } end)
            {
                await context.CloseAsync();
                await system.Store.FinishAsync(lease, end, CancellationToken.None);
            }
        }
        finally
        {
            if (Directory.Exists(scratch))
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    private static void Save(LeasedRunContext context, int epoch, double? score) => context.SaveCheckpoint(epoch, 0, score, keep: 2, stream => stream.WriteByte((byte)epoch));

    private static SettingMetrics Metrics(double map) => new(RetrievalSetting.ImageToVideo, 1, 1, 1, 0, 0, 0, 1, map, 0);

    private static (int, double?) Best(RunStatus status) => (status.BestCheckpoint!.Epoch, status.BestCheckpoint.Score);

    private static Task PutAsync(StorageSystem system, string blob) => system.Store.PutAttemptBlobAsync(blob, Encoding.UTF8.GetBytes(blob), CancellationToken.None);

    private static async Task PutReportAsync(StorageSystem system, RunId run, int attempt, IReadOnlyList<RunFile> files)
    {
        var lineage = new Lineage("data", [], "", "1", "1", "cpu", 1, "here", "now");
        var report = new MetricReport(run.ToString(), StorageSystem.Teacher, [], lineage, new RunCost(1, 0, 0)) { Files = files };
        await system.Store.PutAttemptBlobAsync(RunPaths.Report(run, attempt), ReidJson.Write(report), CancellationToken.None);
    }

    private static async Task<IEnumerable<string>> CheckpointsAsync(StorageSystem system, RunId run) =>
        (await ListAsync(system, run)).Where(name => name.EndsWith(".safetensors", StringComparison.Ordinal));

    /// <summary>The run's folder.</summary>
    private static async Task<IReadOnlyList<string>> ListAsync(StorageSystem system, RunId run)
    {
        var names = new List<string>();
        await foreach (var blob in system.Storage.Runs.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{run}/", CancellationToken.None))
        {
            names.Add(blob.Name[$"{run}/".Length..]);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
