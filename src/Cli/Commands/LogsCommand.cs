using System.CommandLine;
using System.Text;
using ReidCloud.Cli.Api;
using ReidCloud.Cli.Display;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid logs RUN [-f]`: what happened in a run, over all its attempts, a line each.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>While following, an API that does not answer is asked again for about a minute.</summary>
    private const int MostMisses = 60;

    public static Command Create(Shell shell)
    {
        var run = Arguments.Run();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the run is done, also when its runner is another meanwhile" };
        var json = new Option<bool>("--json") { Description = "Print each event as one line of JSON on standard output" };
        var command = new Command("logs", "Show what happened in a run, a line each; times are UTC") { run, follow, json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            await ShowAsync(shell.Terminal, client, parse.GetValue(run), parse.GetValue(follow), parse.GetValue(json), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task ShowAsync(Terminal terminal, ReidClient client, RunId run, bool follow, bool json, CancellationToken cancellationToken)
    {
        var (after, misses) = ((string?)null, 0);
        while (true)
        {
            try
            {
                // Where it stands comes first: of a run that was over before its events were read, none is missing.
                var isOver = (await client.RunAsync(run, cancellationToken)).Status.IsFinal;
                var page = await client.EventsAsync(run, after, cancellationToken);
                (after, misses) = (page.Next, 0);
                foreach (var happened in page.Events)
                {
                    terminal.Print(json ? Encoding.UTF8.GetString(ReidJson.Write(happened)) : EventText.Line(happened));
                }

                if (page.Events.Count > 0)
                {
                    continue;
                }

                if (isOver || !follow)
                {
                    return;
                }
            }
            catch (Exception fault) when (follow && after is not null && IsPassing(fault) && misses < MostMisses)
            {
                if (misses++ == 0)
                {
                    terminal.Complain($"The API does not answer; asking again. ({fault.Message})");
                }
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    /// <summary>The API or its storage is away, which may be over soon.</summary>
    private static bool IsPassing(Exception fault) => fault is CommandException { ExitCode: ExitCode.Fault } or ProblemException { ExitCode: ExitCode.Fault };
}
