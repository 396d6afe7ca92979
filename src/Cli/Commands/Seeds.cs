using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ReidCloud.Cli.Commands;

/// <summary>Several seeds in a word: `1..5`, `1,3,7`, `1..3,9`.</summary>
internal static class Seeds
{
    /// <summary>As many runs as can be compared.</summary>
    private const int Most = 50;
    private const string Range = "..";

    public static Option<long[]?> Option() => new("--seeds")
    {
        Description = "Ask for one run of each of several seeds, to learn what chance alone does: 1..5, or 1,3,7",
        HelpName = "1..5",
        CustomParser = result =>
        {
            if (Parse(string.Join(',', result.Tokens.Select(token => token.Value))) is { } seeds)
            {
                return seeds;
            }

            result.AddError($"'{string.Join(' ', result.Tokens.Select(token => token.Value))}' is not 2 to {Most} different seeds such as 1..5 or 1,3,7; --seed takes a single one");
            return null;
        },
    };

    /// <summary>Null where it is not that, or not 2 to <see cref="Most"/> different ones.</summary>
    internal static long[]? Parse(string text)
    {
        var seeds = new List<long>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split(Range);
            if (ends.Length > 2 || !TryParse(ends[0], out var first) || !TryParse(ends[^1], out var last) || last < first || (ulong)(last - first) >= Most)
            {
                return null;
            }

            for (var place = 0L; place <= last - first; place++)
            {
                seeds.Add(first + place);
            }
        }

        return seeds.Count is >= 2 and <= Most && seeds.Distinct().Count() == seeds.Count ? [.. seeds] : null;
    }

    private static bool TryParse(string text, out long seed) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
