using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Runs;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid compare RUN RUN…`: figures of runs side by side, with what chance and seeds alone could have done.</summary>
internal static class CompareCommand
{
    private static readonly (string Name, string Description)[] Forms =
    [
        ("html", "Save the comparison as a page for a browser, one file with everything in it"),
        ("md", "Save it as Markdown"),
        ("csv", "Save its figures as a table"),
    ];

    public static Command Create(Shell shell)
    {
        var runs = Arguments.Runs("The ids of two runs or more that have succeeded; the others are tested against the first");
        var command = new Command("compare", "Lay runs side by side: figures with error bars, mean ± sd over seeds, paired tests, what differs between them") { runs };
        var saved = Forms.Select(form => (form.Name, Option: new Option<string?>($"--{form.Name}") { Description = form.Description, HelpName = "file" })).ToList();
        saved.ForEach(form => command.Add(form.Option));
        command.Add(shell.Json);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            foreach (var (form, option) in saved)
            {
                if (parse.GetValue(option) is { } file)
                {
                    Arguments.RequireWritable(file);
                    await File.WriteAllTextAsync(file, await client.CompareAsync(parse.GetRequiredValue(runs), form, cancellationToken), cancellationToken);
                    shell.Terminal.Say($"{file} is the comparison.");
                }
            }

            var comparison = await client.CompareAsync(parse.GetRequiredValue(runs), cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(comparison);
            }
            else
            {
                SideBySideTables.Write(shell.Terminal.Out, comparison);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>What to type for that.</summary>
    public static string Line(IEnumerable<RunId> runs) => $"./reid compare {string.Join(' ', runs)}";
}
