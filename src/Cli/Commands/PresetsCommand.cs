using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>
/// `reid presets [NAME]`: the published recipes beside their results, or one of them in full: in words, and as JSON to edit and submit, which alone goes into
/// a pipe. Needs no system that runs.
/// </summary>
internal static class PresetsCommand
{
    /// <summary>What a list can be narrowed to, and what of it a preset is.</summary>
    private static readonly (string Option, string Description, Func<Preset, string> Of)[] Facets =
    [
        ("--dataset", "List only those for this data set", preset => preset.Spec.Dataset),
        ("--backbone", "List only those that train this backbone", preset => NameConverterFactory.NameOf(((TrainSpec)preset.Spec).Model.Backbone)),
        ("--role", "List only those that train a teacher, a student, a cross-student (one of another backbone than its teacher), or peers that learn from each other", RoleOf),
    ];

    public static Command Create(Shell shell)
    {
        var name = new Argument<string?>("name") { Description = "Show this one in full", HelpName = "name", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add([.. Presets.All.Select(preset => preset.Name)]);
        var options = Facets.Select(Narrowing).ToList();
        var command = new Command("presets", "List presets: named complete requests") { name };
        options.ForEach(command.Add);
        command.Add(shell.Json);
        command.SetAction(parse =>
        {
            var wanted = options.Select(parse.GetValue).ToList();
            var isJson = parse.GetValue(shell.Json);
            if (parse.GetValue(name) is { } chosen)
            {
                Show(shell.Terminal, Arguments.Preset(chosen), wanted, isJson);
            }
            else if (isJson)
            {
                shell.Terminal.WriteJson(Listed(wanted));
            }
            else
            {
                PresetTables.Write(shell.Terminal.Out, Listed(wanted));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static Option<string?> Narrowing((string Option, string Description, Func<Preset, string> Of) facet)
    {
        var option = new Option<string?>(facet.Option) { Description = facet.Description, HelpName = facet.Option[2..] };
        option.CompletionSources.Add([.. Presets.All.Select(facet.Of).Distinct()]);
        return option;
    }

    private static void Show(Terminal terminal, Preset preset, IReadOnlyList<string?> wanted, bool isJson)
    {
        if (wanted.Any(value => value is not null))
        {
            throw CommandException.Mistake("a preset was named, so there is nothing to list", $"drop {string.Join(", ", Facets.Select(facet => facet.Option))}");
        }

        if (!isJson)
        {
            terminal.Err.Write(PresetTables.Facts(preset));
        }

        terminal.WriteJson(preset.Spec);
    }

    private static IReadOnlyList<Preset> Listed(IReadOnlyList<string?> wanted)
    {
        IEnumerable<Preset> listed = Presets.All;
        foreach (var (value, facet) in wanted.Zip(Facets).Where(pair => pair.First is not null))
        {
            var there = Presets.All.Select(facet.Of).Distinct().ToList();
            listed = there.Contains(value!)
                ? listed.Where(preset => facet.Of(preset) == value)
                : throw CommandException.Mistake($"no preset has {facet.Option} '{value}'", $"there are: {string.Join(", ", there)}");
        }

        IReadOnlyList<Preset> left = [.. listed];
        return left.Count > 0 ? left : throw CommandException.Mistake("no preset is all of that", "leave one of the options out");
    }

    private static string RoleOf(Preset preset) => preset switch
    {
        { NeedsStudent: true } => "cross-student",
        { NeedsTeacher: true } => "student",
        { Spec: TrainSpec { Method: MutualLearningSpec } } => "peers",
        _ => "teacher",
    };
}
