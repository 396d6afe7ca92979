using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid presets [NAME]`: the published recipes, and one of them in full to edit. Needs no system that runs.</summary>
internal static class PresetsCommand
{
    public static Command Create(Shell shell)
    {
        var name = new Argument<string?>("name") { Description = "Show this one in full, as JSON", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("presets", "List presets: named complete requests") { name, shell.Json };
        command.SetAction(parse =>
        {
            if (parse.GetValue(name) is { } chosen)
            {
                shell.Terminal.WriteJson(Presets.Named(chosen).Spec);
            }
            else if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(Presets.All);
            }
            else
            {
                Write(shell.Terminal.Out);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("preset", "what", "for");
        table.Columns[0].NoWrap();
        foreach (var preset in Presets.All)
        {
            table.AddRow(new Text(preset.Name), new Text(RunText.Job(preset.Spec)), new Text(preset.Summary));
        }

        console.Write(table);
        console.WriteLine("`./reid presets NAME` shows one in full; `./reid submit --preset NAME --dataset NAME` asks for it.");
    }
}
