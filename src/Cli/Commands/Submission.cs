using ReidCloud.Cli.Api;
using ReidCloud.Cli.Display;
using ReidCloud.Runs;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>The end of every command that asks for a run: send it, and follow it or say how.</summary>
internal static class Submission
{
    public static async Task<int> SendAsync(Shell shell, ReidClient client, RunSpec request, RunPriority? priority, bool watch, bool json, CancellationToken cancellationToken)
    {
        var view = await client.SubmitAsync(request, priority, cancellationToken);
        if (watch)
        {
            return await WatchCommand.WatchAsync(shell, client, view.Id, json, cancellationToken);
        }

        if (json)
        {
            shell.Terminal.WriteJson(view);
        }
        else
        {
            shell.Terminal.Out.WriteLine($"Run {view.Id} ({RunText.Job(view.Spec)} on {view.Spec.Dataset}): {RunText.State(view)}{(view.Status.Priority == RunPriority.High ? ", high priority" : "")}.");
            shell.Terminal.Say($"`./reid watch {view.Id}` follows it.");
        }

        return ExitCode.Ok;
    }

    /// <summary>Several requests that are to be compared: those that differ in their seeds only, as mean ± standard deviation.</summary>
    public static async Task<int> SendAllAsync(
        Shell shell, ReidClient client, IReadOnlyList<RunSpec> requests, RunPriority? priority, bool watch, bool json, CancellationToken cancellationToken)
    {
        var views = new List<RunView>();
        foreach (var request in requests)
        {
            views.Add(await client.SubmitAsync(request, priority, cancellationToken));
        }

        IReadOnlyList<RunId> runs = [.. views.Select(view => view.Id)];
        if (watch)
        {
            await WatchCommand.UntilSucceededAsync(shell, client, runs, cancellationToken);
            var comparison = await client.CompareAsync(runs, cancellationToken);
            if (json)
            {
                shell.Terminal.WriteJson(comparison);
                return ExitCode.Ok;
            }

            SideBySideTables.WriteSeeds(shell.Terminal.Out, comparison);
        }
        else if (json)
        {
            shell.Terminal.WriteJson(views);
            return ExitCode.Ok;
        }
        else
        {
            foreach (var view in views)
            {
                shell.Terminal.Out.WriteLine($"Run {view.Id} ({RunText.Job(view.Spec)} on {view.Spec.Dataset}, seed {view.Spec.Seed}): {RunText.State(view)}.");
            }

            shell.Terminal.Say($"`./reid watch {string.Join(' ', runs)}` follows them.");
        }

        shell.Terminal.Complain($"`{CompareCommand.Line(runs)}` {(watch ? "shows all that lies between them." : "compares them once they are done.")}");
        return ExitCode.Ok;
    }
}
