using System.CommandLine;
using ReidCloud.Cli.Checkup;
using ReidCloud.Cli.Local;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid doctor`: looks at the whole installation and says what to do about each fault. Exit code 1 when there is one.</summary>
internal static class DoctorCommand
{
    public static Command Create(Shell shell)
    {
        var port = Arguments.FunctionsPort();
        var storagePort = Arguments.StoragePort();
        var command = new Command("doctor", "Check the whole installation; say what to do about each fault") { port, storagePort, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var ports = new LocalPorts(parse.GetValue(port), parse.GetValue(storagePort));
            var checks = await CheckAsync(shell.Terminal, !parse.GetValue(shell.Json), ports, cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(checks);
            }

            return checks.Any(check => check.Verdict == Verdict.Fault) ? ExitCode.Fault : ExitCode.Ok;
        });
        return command;
    }

    private static async Task<IReadOnlyList<Check>> CheckAsync(Terminal terminal, bool show, LocalPorts ports, CancellationToken cancellationToken)
    {
        var checks = new List<Check>();
        await foreach (var check in Examination.RunAsync(Workplace.Find(), ports, cancellationToken))
        {
            checks.Add(check);
            if (show)
            {
                Write(terminal.Out, check);
            }
        }

        return checks;
    }

    private static void Write(IAnsiConsole console, Check check)
    {
        var (mark, color) = check.Verdict switch
        {
            Verdict.Ok => ("✓", Color.Green),
            Verdict.Warning => ("!", Color.Yellow),
            Verdict.Fault => ("✗", Color.Red),
        };
        console.Write(new Text(mark, new Style(color)));
        console.WriteLine($" {check.Name,-14}{check.Found}");
        if (check.Fix is { } fix)
        {
            console.WriteLine($"  {"",-14}→ {fix}", new Style(color));
        }
    }
}
