using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using ReidCloud.Specs;

namespace ReidCloud.Functions.Api;

/// <summary>
/// Why a request was not obeyed, as RFC 9457 has it. <see cref="Errors"/> names each place in the request that is wrong (a JSON path,
/// `$` for the whole) and what to do about it.
/// </summary>
public sealed record ProblemDocument(string Type, string Title, int Status, string Detail)
{
    public const string ContentType = "application/problem+json";

    public string Detail { get; init => field = Redaction.Of(value); } = Redaction.Of(Detail);

    public string? Instance { get; init; }

    public IReadOnlyList<SpecError>? Errors
    {
        get;
        init => field = value is null ? null : [.. value.Select(error => new SpecError(Redaction.Of(error.Path), Redaction.Of(error.Message)))];
    }

    public static ProblemDocument Of(int status, string detail, IReadOnlyList<SpecError>? errors = null)
    {
        var title = ReasonPhrases.GetReasonPhrase(status);
        return new ProblemDocument($"urn:reidcloud:problem:{title.ToLowerInvariant().Replace(' ', '-')}", title, status, detail) { Errors = errors };
    }
}

/// <summary>Ends an operation with a problem other than a mistake in its body, which is a <see cref="SpecException"/>.</summary>
internal sealed class ProblemException(int status, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public static ProblemException NotFound(string detail) => new(StatusCodes.Status404NotFound, detail);

    public static ProblemException Conflict(string detail) => new(StatusCodes.Status409Conflict, detail);
}
