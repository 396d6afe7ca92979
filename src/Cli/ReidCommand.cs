using System.CommandLine;
using System.CommandLine.Parsing;
using ReidCloud.Cli.Api;
using ReidCloud.Cli.Commands;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Cli;

/// <summary>The whole command line on one page: which commands there are, and which exit code each kind of failure has.</summary>
internal static class ReidCommand
{
    /// <summary>How long Ctrl+C waits for what was started to stop.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(30);

    public static RootCommand Create(Shell shell) =>
        new("ReidCloud: train, distil and measure re-identification models, on this machine or in Azure. The launcher ./reid adds " +
            "`test` (run every test), `bench` (measure how fast this is) and `prepare` (install what is missing and build)." + Environment.NewLine + Environment.NewLine + ExitCode.Meanings)
        {
            shell.Url,
            DemoCommand.Create(shell),
            UpCommand.Create(shell),
            DownCommand.Create(shell),
            DoctorCommand.Create(shell),
            SynthCommand.Create(shell),
            DatasetCommand.Create(shell),
            WeightsCommand.Create(shell),
            EmbedCommand.Create(shell),
            RankCommand.Create(shell),
            PresetsCommand.Create(shell),
            SubmitCommand.Create(shell),
            EvaluateCommand.Create(shell),
            ExplainCommand.Create(shell),
            RunsCommand.Create(shell),
            WatchCommand.Create(shell),
            LogsCommand.Create(shell),
            CancelCommand.Create(shell),
            RetryCommand.Create(shell),
            DeadLettersCommand.Create(shell),
            ReportCommand.Create(shell),
            CompareCommand.Create(shell),
            ReproduceCommand.Create(shell),
            ExportCommand.Create(shell),
            TensorBoardCommand.Create(shell),
            CompletionCommand.Create(shell),
            PrepareCommand.Create(shell),
        };

    /// <summary>Runs the command that <paramref name="arguments"/> name and returns its exit code. Never throws.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var parse = Create(new Shell(terminal)).Parse(arguments);
        if (parse.Action is System.CommandLine.Invocation.ParseErrorAction || MistypedOptions(parse).Any())
        {
            return Explain(terminal, parse);
        }

        try
        {
            return await parse.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = Farewell,
                    Output = terminal.Output,
                    Error = terminal.Error,
                },
                cancellationToken);
        }
        catch (OperationCanceledException)
        {
            terminal.Say("Interrupted.");
            return ExitCode.Interrupted;
        }
        catch (CommandException exception)
        {
            return Complain(terminal, exception.ExitCode, exception.Message, exception.Remedy);
        }
        catch (ProblemException exception)
        {
            return Complain(terminal, exception.ExitCode, exception.Problem.Render(), exception.Remedy ?? RemedyOfRequest(parse));
        }
        catch (Exception exception) when (exception is WeightsException or CheckpointException or BrokenModelException or ImageException or ArchiveException or OptionsException)
        {
            // Their messages say what to do.
            return Complain(terminal, ExitCode.Mistake, exception.Message, null);
        }
        catch (SpecException exception)
        {
            return Complain(terminal, ExitCode.Mistake, Problem.Of(exception).Render(), RemedyOfRequest(parse));
        }
        catch (Exception exception)
        {
            return Complain(terminal, ExitCode.Fault, exception.ToString(), "this is a fault of ReidCloud; `./reid doctor` checks the installation");
        }
    }

    /// <summary>What to type after a mistake in a request that the user wrote.</summary>
    private static string? RemedyOfRequest(ParseResult parse) =>
        Names(parse.CommandResult).LastOrDefault() == "submit" ? "`./reid presets NAME` shows a complete request, with --json one to edit" : null;

    private static int Explain(Terminal terminal, ParseResult parse)
    {
        var command = string.Join(' ', Names(parse.CommandResult));
        var unknown = parse.UnmatchedTokens.Concat(MistypedOptions(parse)).Distinct().ToList();
        var meant = unknown.Select(word => NearestName.Of(word, parse.CommandResult)).FirstOrDefault(name => name is not null);
        return Complain(
            terminal,
            ExitCode.Mistake,
            string.Join(Environment.NewLine, unknown.Count > 0
                ? unknown.Select(word => $"there is no {(word.StartsWith('-') ? "option" : command == "reid" ? "command" : "argument")} '{word}' of `{command}`")
                : parse.Errors.Select(error => error.Message).Distinct()),
            $"{(meant is null ? "" : $"did you mean `{meant}`? ")}`./{command} --help` lists what it takes");
    }

    /// <summary>Words that look like options and were taken for arguments. Behind `--` they are meant to be.</summary>
    private static IEnumerable<string> MistypedOptions(ParseResult parse) => parse.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? []
        : parse.Tokens.Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal)).Select(token => token.Value);

    private static IEnumerable<string> Names(CommandResult result)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = result; at is CommandResult command; at = at.Parent)
        {
            names.Push(command.Command is RootCommand ? "reid" : command.Command.Name);
        }

        return names;
    }

    private static int Complain(Terminal terminal, int exitCode, string message, string? remedy)
    {
        terminal.Complain($"reid: {message}");
        if (remedy is not null)
        {
            terminal.Complain($"→ {remedy}");
        }

        return exitCode;
    }
}
