using ReidCloud.Cli;

namespace ReidCloud.Benchmarks;

/// <summary>What `./reid bench` was asked. Every name is one of the list, and no two options contradict each other.</summary>
/// <param name="Names">In the order of the list; all of them where none was named.</param>
/// <param name="From">The file whose figures are taken over, for <see cref="BenchAct.From"/>.</param>
internal sealed record BenchArguments(BenchAct Act, IReadOnlyList<string> Names, string? From)
{
    public const string Usage = """
        ./reid bench [NAME…] [--brief | --check | --keep | --list]
        ./reid bench NAME --from FILE

          (nothing)   measures everything, or the named, at the sizes of the targets, and writes docs/benchmarks.md: the sections that were measured
          --brief     the same paths in seconds; writes nothing
          --check     measures briefly and compares each ratio with the kept one; exit code 1 where one is worse
          --keep      measures briefly and keeps the ratios in tests/Benchmarks/ratios.json, for --check
          --list      the names
          --from      writes the section of figures that were taken elsewhere: FILE is what `measure NAME whole` of tests/Benchmarks wrote there
        """;

    private static readonly IReadOnlyDictionary<string, BenchAct> Options = new Dictionary<string, BenchAct>
    {
        ["--brief"] = BenchAct.Brief,
        ["--check"] = BenchAct.Check,
        ["--keep"] = BenchAct.Keep,
        ["--list"] = BenchAct.List,
        ["--from"] = BenchAct.From,
        ["--help"] = BenchAct.Help,
        ["-h"] = BenchAct.Help,
    };

    public static IReadOnlyList<string> OptionNames { get; } = [.. Options.Keys.Where(option => option.StartsWith("--", StringComparison.Ordinal))];

    public static BenchArguments Of(IReadOnlyList<string> arguments, IReadOnlyList<string> names)
    {
        // The one option that takes something, wherever it stands.
        var at = arguments.ToList().IndexOf("--from");
        var from = at < 0 ? null
            : at + 1 < arguments.Count && File.Exists(arguments[at + 1]) ? arguments[at + 1]
            : throw CommandException.Mistake($"--from needs a file that exists{(at + 1 < arguments.Count ? $", not '{arguments[at + 1]}'" : "")}");
        var others = from is null ? arguments : [.. arguments.Take(at + 1), .. arguments.Skip(at + 2)];
        var options = others.Where(argument => argument.StartsWith('-')).Distinct().ToList();
        var named = others.Where(argument => !argument.StartsWith('-')).ToList();
        if (options.FirstOrDefault(option => !Options.ContainsKey(option)) is { } unknown)
        {
            throw CommandException.Mistake($"there is no option '{unknown}' of `reid bench`", $"it knows {string.Join(", ", OptionNames)}");
        }

        if (options.Count > 1)
        {
            throw CommandException.Mistake($"{string.Join(" and ", options)} do not go together", "--check and --keep are brief already");
        }

        if (named.FirstOrDefault(name => !names.Contains(name)) is { } stranger)
        {
            throw CommandException.Mistake($"nothing that is measured is called '{stranger}'", $"there are {string.Join(", ", names)}");
        }

        var act = options is [var one] ? Options[one] : BenchAct.Page;
        if (act is BenchAct.List or BenchAct.Help && named.Count > 0)
        {
            throw CommandException.Mistake($"{options[0]} takes no names");
        }

        if (act is BenchAct.From && named.Count != 1)
        {
            throw CommandException.Mistake("--from takes the name of one measurement", $"there are {string.Join(", ", names)}");
        }

        return new BenchArguments(act, [.. names.Where(name => named.Count == 0 || named.Contains(name))], from);
    }
}

internal enum BenchAct
{
    /// <summary>Measure at full size and write the page.</summary>
    Page,
    Brief,
    Check,
    Keep,
    List,

    /// <summary>Write the section of figures that were taken on another machine.</summary>
    From,
    Help,
}
