using System.Text.Json.Serialization;
using ReidCloud.Datasets;

namespace ReidCloud.Specs;

/// <summary>One thing that is wrong with a request: where (a JSON path, `$` for the whole) and what to do about it.</summary>
public sealed record SpecError([property: JsonRequired] string Path, [property: JsonRequired] string Message);

/// <summary>A user's mistake, with every place it was found in. Functions answer it with 400, the command line with exit code 2.</summary>
public sealed class SpecException(IReadOnlyList<SpecError> errors)
    : Exception(string.Join(Environment.NewLine, Shown(errors).Select(error => $"{error.Path}: {error.Message}")))
{
    /// <summary>An answer has no more of them, and none is longer, whatever was asked.</summary>
    public const int MostErrors = 50;
    private const int LongestPath = 300;
    private const int LongestMessage = 4000;

    public SpecException(string path, string message) : this([new SpecError(path, message)])
    {
    }

    public IReadOnlyList<SpecError> Errors { get; } = Shown(errors);

    /// <summary>Messages quote what was asked.</summary>
    private static SpecError[] Shown(IReadOnlyList<SpecError> errors) =>
        [.. errors.Take(MostErrors).Select(error => new SpecError(ForeignText.Shown(error.Path, LongestPath), ForeignText.Shown(error.Message, LongestMessage)))];
}
