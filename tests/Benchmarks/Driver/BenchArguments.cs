using ReidCloud.Cli;

namespace ReidCloud.Benchmarks;

/// <summary>What `./reid bench` was asked. Every name is one of the list, and no two options contradict each other.</summary>
/// <param name="Names">In the order of the list; all of them where none was named.</param>
internal sealed record BenchArguments(BenchAct Act, IReadOnlyList<string> Names, bool IsWhole)
{
    public const string Usage = """
        ./reid bench [NAME…] [--brief | --check | --keep | --list]

          (nothing)   measures everything, or the named, at the sizes of the targets, and writes docs/benchmarks.md: the sections that were measured
          --brief     the same paths in seconds; writes nothing
          --check     measures briefly and compares each ratio with the kept one; exit code 1 where one is worse
          --keep      measures briefly and keeps the ratios in tests/Benchmarks/ratios.json, for --check
          --list      the names
        """;

    private static readonly IReadOnlyDictionary<string, BenchAct> Options = new Dictionary<string, BenchAct>
    {
        ["--brief"] = BenchAct.Brief,
        ["--check"] = BenchAct.Check,
        ["--keep"] = BenchAct.Keep,
        ["--list"] = BenchAct.List,
        ["--help"] = BenchAct.Help,
        ["-h"] = BenchAct.Help,
    };

    public static BenchArguments Of(IReadOnlyList<string> arguments, IReadOnlyList<string> names)
    {
        var options = arguments.Where(argument => argument.StartsWith('-')).Distinct().ToList();
        var named = arguments.Where(argument => !argument.StartsWith('-')).ToList();
        if (options.FirstOrDefault(option => !Options.ContainsKey(option)) is { } unknown)
        {
            throw CommandException.Mistake($"there is no option '{unknown}' of `reid bench`", $"it knows {string.Join(", ", Options.Keys)}");
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
        return named.Count > 0 && act is BenchAct.List or BenchAct.Help
            ? throw CommandException.Mistake($"{options[0]} takes no names")
            : new BenchArguments(act, [.. names.Where(name => named.Count == 0 || named.Contains(name))], named.Count == 0);
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
    Help,
}
