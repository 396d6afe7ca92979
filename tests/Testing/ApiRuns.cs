using System.Text;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Testing;

/// <summary>Runs submitted through the API and moved on as a runner would.</summary>
internal static class ApiRuns
{
    /// <summary>A run on data set `mine`, which must be there.</summary>
    public static Task<RunId> SubmitAsync(this ApiServer api, int repeat = 0) => api.SubmitAsync("mine", repeat);

    public static async Task<RunId> SubmitAsync(this ApiServer api, string dataset, int repeat = 0)
    {
        var spec = $$"""{"kind":"train","dataset":"{{dataset}}","model":{"backbone":"resnet18"},"method":{"kind":"supervised"},"repeat":{{repeat}}}""";
        return RunId.Parse((await api.JsonAsync(HttpMethod.Post, "/api/runs", 202, spec)).GetProperty("id").GetString()!);
    }

    /// <summary>A runner owns it from now on.</summary>
    public static async Task<RunLease> ClaimAsync(this ApiServer api, RunId run)
    {
        var lease = (await api.Service<RunStore>().ClaimAsync(run, default))!;
        await lease.WriteAsync(lease.Status with { State = RunState.Running, Attempt = lease.Status.Attempt + 1, Runner = "test" }, default);
        return lease;
    }

    /// <summary>It ends so; a report is kept first if there is one.</summary>
    public static async Task EndAsync(this ApiServer api, RunId run, RunState state, string? report = null)
    {
        await using var lease = await api.ClaimAsync(run);
        var store = api.Service<RunStore>();
        var blob = report is null ? null : RunPaths.Report(run, lease.Status.Attempt);
        if (blob is not null)
        {
            await store.PutAttemptBlobAsync(blob, Encoding.UTF8.GetBytes(report!), default);
        }

        var failure = state == RunState.Failed ? new RunFailure(FailureCause.Diverged, "the loss is not a number", "at epoch 3") : null;
        await store.FinishAsync(lease, lease.Status with { State = state, Report = blob, Failure = failure }, default);
    }

    /// <summary>It succeeds and leaves these files, and a checkpoint of the word "last".</summary>
    public static Task LeaveAsync(this ApiServer api, RunId run, params (string Name, byte[] Content)[] files) => api.LeaveAsync(run, "last"u8.ToArray(), files);

    /// <summary>It succeeds and leaves this checkpoint and these files.</summary>
    public static async Task LeaveAsync(this ApiServer api, RunId run, byte[] last, params (string Name, byte[] Content)[] files)
    {
        await using var lease = await api.ClaimAsync(run);
        var (store, attempt) = (api.Service<RunStore>(), lease.Status.Attempt);
        var left = new List<RunFile>();
        foreach (var (name, content) in files)
        {
            var blob = RunPaths.File(run, attempt, name);
            left.Add(new RunFile(name, blob, content.Length, await store.PutAttemptBlobAsync(blob, content, default)));
        }

        var checkpoint = RunPaths.Checkpoint(run, attempt, 1, 0);
        var hash = await store.PutAttemptBlobAsync(checkpoint, last, default);
        var report = new MetricReport(
            run.ToString(), (await store.GetSpecAsync(run, default))!, [], new Lineage("data", [], hash, "1", "1", "cpu", 1, "here", "now"), new RunCost(1, 0, 0)) { Files = left };
        await store.PutAttemptBlobAsync(RunPaths.Report(run, attempt), ReidJson.Write(report), default);
        await store.FinishAsync(
            lease,
            lease.Status with { State = RunState.Succeeded, Report = RunPaths.Report(run, attempt), Checkpoint = new CheckpointPointer(checkpoint, hash, 1, 0) },
            default);
    }
}
