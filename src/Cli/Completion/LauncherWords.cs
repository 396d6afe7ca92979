namespace ReidCloud.Cli.Completion;

/// <summary>What the launcher ./reid takes and this program does not: it completes as if it were one.</summary>
internal static class LauncherWords
{
    /// <summary>As tests/Benchmarks knows them, which this program cannot ask; a test compares them.</summary>
    public static IReadOnlyList<string> OfBench { get; } = ["--brief", "--check", "--keep", "--list", "--from", "--help"];

    private static readonly IReadOnlyList<(string Verb, IReadOnlyList<string> Options)> Verbs = [("test", ["--golden"]), ("bench", OfBench)];

    public static IReadOnlyList<(string Place, IReadOnlyList<string> Words)> AddedTo(IReadOnlyList<(string Place, IReadOnlyList<string> Words)> table) =>
    [
        .. table.Select(row => row.Place == $"reid {CompletionWords.Commands}" ? (row.Place, [.. row.Words, .. Verbs.Select(verb => verb.Verb)]) : row),
        .. Verbs.SelectMany(verb => new[] { ($"reid {verb.Verb} {CompletionWords.Commands}", (IReadOnlyList<string>)[]), ($"reid {verb.Verb} {CompletionWords.Options}", verb.Options), ($"reid {verb.Verb} {CompletionWords.Arguments}", []) }),
    ];
}
