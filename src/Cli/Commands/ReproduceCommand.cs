using System.CommandLine;
using ReidCloud.Cli.Api;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports.Comparisons;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid reproduce RUN`: has the same request done once more, and says whether the same came out. Exit code 3 when it did not.</summary>
internal static class ReproduceCommand
{
    public static Command Create(Shell shell)
    {
        var run = Arguments.Run();
        var priority = Arguments.Priority();
        var command = new Command(
            "reproduce",
            "Have a run done once more and compare: equal (exit code 0), within tolerance (0: every figure in the first one's 95 % interval or within 0.1 percentage points), or different (3)")
        {
            run, priority, shell.Json,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var reproduction = await ReproduceAsync(shell, client, parse.GetValue(run), parse.GetValue(priority), cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(reproduction);
            }
            else
            {
                ReproductionText.Write(shell.Terminal.Out, reproduction);
            }

            return reproduction.Verdict == ReproductionVerdict.Different ? ExitCode.Different : ExitCode.Ok;
        });
        return command;
    }

    private static async Task<Reproduction> ReproduceAsync(Shell shell, ReidClient client, RunId run, RunPriority? priority, CancellationToken cancellationToken)
    {
        var first = await client.RunAsync(run, cancellationToken);
        if (first.Status.State != RunState.Succeeded)
        {
            throw CommandException.Mistake(
                $"run {run} {RunText.State(first)}, so there is nothing to reproduce",
                first.Status.IsFinal ? $"`./reid retry {run}` has it go on" : $"`./reid watch {run}` waits for it");
        }

        var again = await client.SubmitAsync(await NextAsync(client, first.Spec, cancellationToken), priority, cancellationToken);
        shell.Terminal.Say($"Asked for run {again.Id}: the same as {run}, repeat {again.Spec.Repeat}.");
        await WatchCommand.UntilSucceededAsync(shell, client, [again.Id], cancellationToken);
        return Reproduction.Of(await client.ReportAsync(run, cancellationToken), await client.ReportAsync(again.Id, cancellationToken));
    }

    /// <summary>The request with the first repeat after its own that nobody has asked for.</summary>
    private static async Task<RunSpec> NextAsync(ReidClient client, RunSpec spec, CancellationToken cancellationToken)
    {
        do
        {
            spec = spec with { Repeat = spec.Repeat + 1 };
        }
        while (await client.TryRunAsync(RunId.Of(spec), cancellationToken) is not null);
        return spec;
    }
}
