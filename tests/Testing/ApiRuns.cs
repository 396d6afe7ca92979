using System.Text;
using ReidCloud.Runs;

namespace ReidCloud.Tests.Testing;

/// <summary>Runs submitted through the API and moved on as a runner would.</summary>
internal static class ApiRuns
{
    /// <summary>A run on data set `mine`, which must be there.</summary>
    public static async Task<RunId> SubmitAsync(this ApiServer api, int repeat = 0)
    {
        var spec = $$"""{"kind":"train","dataset":"mine","model":{"backbone":"resnet18"},"method":{"kind":"supervised"},"repeat":{{repeat}}}""";
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

        var failure = state == RunState.Failed ? new RunFailure("the loss is not a number", "at epoch 3") : null;
        await store.FinishAsync(lease, lease.Status with { State = state, Report = blob, Failure = failure }, default);
    }
}
