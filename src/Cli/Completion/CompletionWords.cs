using System.CommandLine;
using System.CommandLine.Completions;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Completion;

/// <summary>
/// What may follow what, read off the command tree: under a command's words and `commands`, `options` or `arguments`, or one of its options, the words that may
/// stand there. An option that takes any text is there with no words.
/// </summary>
internal static class CompletionWords
{
    public const string Commands = "commands";
    public const string Options = "options";
    public const string Arguments = "arguments";

    public static IReadOnlyList<(string Place, IReadOnlyList<string> Words)> Of(RootCommand root) => [.. Of(root, "reid", [])];

    private static IEnumerable<(string Place, IReadOnlyList<string> Words)> Of(Command command, string path, IReadOnlyList<Option> inherited)
    {
        IReadOnlyList<Option> options = [.. command.Options.Where(option => !option.Hidden), .. inherited];
        var commands = command.Subcommands.Where(one => !one.Hidden).ToList();
        yield return ($"{path} {Commands}", [.. commands.Select(one => one.Name)]);
        yield return ($"{path} {Options}", [.. options.SelectMany(Names)]);
        yield return ($"{path} {Arguments}", [.. command.Arguments.SelectMany(argument => Values(argument.ValueType, argument))]);
        foreach (var option in options.Where(option => option.ValueType != typeof(bool) && option.ValueType != typeof(void)))
        {
            foreach (var name in Names(option))
            {
                yield return ($"{path} {name}", Values(option.ValueType, option));
            }
        }

        foreach (var inner in commands.SelectMany(one => Of(one, $"{path} {one.Name}", [.. options.Where(option => option.Recursive)])))
        {
            yield return inner;
        }
    }

    /// <summary>As they are typed on a Unix shell: `/?` is Windows'.</summary>
    private static IEnumerable<string> Names(Option option) => new[] { option.Name }.Concat(option.Aliases).Where(name => name.StartsWith('-') && name != "-?").Distinct();

    private static IReadOnlyList<string> Values(Type type, Symbol symbol)
    {
        var one = type.IsArray ? type.GetElementType()! : type;
        one = Nullable.GetUnderlyingType(one) ?? one;
        return one.IsEnum
            ? NameConverterFactory.NamesOf(one)
            : [.. symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label).Distinct()];
    }
}
