using System.CommandLine;
using System.Globalization;
using ReidCloud.Cli.Display;
using ReidCloud.Runs;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid dead-letters`: what failed, why, and what to do about it.</summary>
internal static class DeadLettersCommand
{
    public static Command Create(Shell shell)
    {
        var command = new Command("dead-letters", "List what failed, newest first, each with its cause and what to do about it; --json has exceptions and last events too") { shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var letters = await client.DeadLettersAsync(cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(letters);
            }
            else
            {
                Write(shell.Terminal.Out, letters);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<DeadLetter> letters)
    {
        if (letters.Count == 0)
        {
            console.WriteLine("No dead letters: no run is failed, and no nudge was put aside.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("run", "failed (UTC)", "cause", "attempts", "what happened", "what to do");
        table.Columns[0].NoWrap();
        foreach (var letter in letters)
        {
            table.AddRow(
                new Text(letter.Run?.ToString() ?? $"nudge '{letter.Nudge}'"),
                new Text(letter.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                new Text(NameConverterFactory.NameOf(letter.Cause)),
                new Text(letter.Attempts?.ToString(CultureInfo.InvariantCulture) ?? ""),
                new Text(letter.Spec is { } spec ? $"{RunText.Job(spec)} on {spec.Dataset}: {letter.Message}" : letter.Message),
                new Text(letter.Command is { } remedy ? $"{letter.Advice}: `{remedy}`" : letter.Advice));
        }

        console.Write(table);
    }
}
