using System.CommandLine;
using System.CommandLine.Parsing;

namespace ReidCloud.Cli;

/// <summary>What a mistyped word may have meant.</summary>
internal static class NearestName
{
    private const int LettersPerMistake = 3;

    /// <summary>The command or option that is nearest to the word where it stands, or null where none is near.</summary>
    public static string? Of(string word, CommandResult at)
    {
        var options = Enclosing(at).SelectMany(command => command.Options.Where(option => command == at.Command || option.Recursive));
        var known = word.StartsWith('-')
            ? options.SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal))
            : at.Command.Subcommands.Select(command => command.Name);
        return Of(word, known);
    }

    /// <summary>The nearest of the names: one that begins so, or has at most one mistake for every three letters.</summary>
    public static string? Of(string word, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: name.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(word.ToLowerInvariant(), name)))
        .Where(name => name.Distance <= Math.Max(1, word.Length / LettersPerMistake))
        .OrderBy(name => name.Distance)
        .Select(name => name.Name)
        .FirstOrDefault();

    /// <summary>Letters to insert, leave out, replace, or swap with their neighbor (Damerau 1964, Levenshtein 1966).</summary>
    internal static int Distance(string a, string b)
    {
        var steps = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    steps[i, j] = i + j;
                    continue;
                }

                var replaced = steps[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                steps[i, j] = Math.Min(replaced, 1 + Math.Min(steps[i - 1, j], steps[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    steps[i, j] = Math.Min(steps[i, j], steps[i - 2, j - 2] + 1);
                }
            }
        }

        return steps[a.Length, b.Length];
    }

    private static IEnumerable<Command> Enclosing(CommandResult at)
    {
        for (SymbolResult? result = at; result is CommandResult command; result = result.Parent)
        {
            yield return command.Command;
        }
    }
}
