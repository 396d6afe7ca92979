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
}
