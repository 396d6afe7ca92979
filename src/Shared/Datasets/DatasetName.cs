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
        _ when file.EndsWith('.') => $"must not end with a dot, was {Quote(file)}",
        _ when FileListing.FaultOfName(file) is { } fault => $"{fault}: {Quote(file)}; it must be a relative path",
        _ => null,
    };

    /// <exception cref="SpecException">It may not be called so.</exception>
    public static string RequireFile(string? file, string path) =>
        FaultOfFile(file) is { } fault ? throw new SpecException(path, fault) : file!;

    private static string Quote(string? text) => text is null ? "null" : $"'{ForeignText.Shown(text)}'";

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{1,62}\z")]
    private static partial Regex Name();
}
