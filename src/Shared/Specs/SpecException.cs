using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>One thing that is wrong with a request: where (a JSON path, `$` for the whole) and what to do about it.</summary>
public sealed record SpecError([property: JsonRequired] string Path, [property: JsonRequired] string Message);

/// <summary>A user's mistake, with every place it was found in. Functions answer it with 400, the command line with exit code 2.</summary>
public sealed class SpecException(IReadOnlyList<SpecError> errors)
    : Exception(string.Join(Environment.NewLine, errors.Select(error => $"{error.Path}: {error.Message}")))
{
    public SpecException(string path, string message) : this([new SpecError(path, message)])
    {
    }

    public IReadOnlyList<SpecError> Errors { get; } = errors;
}
