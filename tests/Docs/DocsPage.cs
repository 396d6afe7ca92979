using System.Text.RegularExpressions;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Docs;

/// <summary>A fenced block of a page: its language, its text, and the line of the page where the text begins.</summary>
internal sealed record DocsBlock(string Language, string Text, int Line);

/// <summary>A page of docs/, as its readers see it.</summary>
internal sealed partial class DocsPage
{
    private DocsPage(string path) => (Path, Text) = (path, File.ReadAllText(path).ReplaceLineEndings("\n"));

    public static string Folder { get; } = System.IO.Path.Combine(RepositoryRoot.Path, "docs");

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.md").Select(file => System.IO.Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<DocsBlock> Blocks =>
        [.. Fence().Matches(Text).Select(match => new DocsBlock(match.Groups[1].Value, match.Groups[2].Value, 2 + Text.AsSpan(0, match.Index).Count('\n')))];

    public static DocsPage Named(string name) => new(System.IO.Path.Combine(Folder, name));

    public static DocsPage Readme() => new(System.IO.Path.Combine(RepositoryRoot.Path, "README.md"));

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
