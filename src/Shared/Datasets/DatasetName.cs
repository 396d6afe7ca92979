using System.Text.RegularExpressions;
using ReidCloud.Specs;

namespace ReidCloud.Datasets;

/// <summary>What data sets and their files may be called. Nothing else ever becomes part of a blob's name.</summary>
public static partial class DatasetName
{
    public const string Rule = "must be 2 to 63 lowercase letters, digits and hyphens, beginning with a letter or digit";

    private const int LongestFile = 512;

    public static bool IsValid(string? name) => name is not null && Name().IsMatch(name);

    /// <exception cref="SpecException">It may not be called so.</exception>
    public static string Require(string? name, string path) =>
        IsValid(name) ? name! : throw new SpecException(path, $"{Rule}, was {Quote(name)}");

    /// <summary>Why a file of an upload may not be called so, or null: it must be a relative path that stays inside.</summary>
    public static string? FaultOfFile(string? file) => file switch
    {
        null or "" => "must not be empty",
        { Length: > LongestFile } => $"must have at most {LongestFile} characters, had {file.Length}",
        _ when ForeignText.FaultOf(file) is { } fault => $"must not have {fault}",
        _ when FaultOfPath(file) is { } fault => $"{fault}: {Quote(file)}; it must be a relative path",
        _ when Disguised(file).Any(form => FaultOfPath(form) is not null) => $"must not hide a path in escaped or foreign characters: {Quote(file)}",
        _ => null,
    };

    /// <exception cref="SpecException">It may not be called so.</exception>
    public static string RequireFile(string? file, string path) =>
        FaultOfFile(file) is { } fault ? throw new SpecException(path, fault) : file!;

    /// <summary>What others make of it who decode once more than they should (%2e), or fold characters that look alike (．).</summary>
    private static IEnumerable<string> Disguised(string file)
    {
        var decoded = Uri.UnescapeDataString(file);
        return new[] { decoded, Uri.UnescapeDataString(decoded), Folded(file), Folded(decoded) }.Where(form => form.Length > 0 && form != file);
    }

    /// <summary>Of Unicode's compatibility forms (NFKC) those that make up paths; the whole of them is not there on every machine.</summary>
    private static string Folded(string text) => string.Concat(text.Select(letter => letter switch
    {
        '\u2024' or '\uFE52' or '\uFF0E' => ".",
        '\u2025' => "..",
        '\u2026' => "...",
        '\uFF0F' => "/",
        '\uFE68' or '\uFF3C' => "\\",
        _ => letter.ToString(),
    }));

    /// <summary>Blob services and file systems drop dots at the end of a folder's or a file's name.</summary>
    private static string? FaultOfPath(string path) =>
        FileListing.FaultOfName(path) ?? (path.EndsWith('.') || path.Contains("./", StringComparison.Ordinal) ? "has a name that ends with a dot" : null);

    private static string Quote(string? text) => text is null ? "null" : $"'{ForeignText.Shown(text)}'";

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{1,62}\z")]
    private static partial Regex Name();
}
