using Microsoft.AspNetCore.Http;

namespace ReidCloud.Functions.Api;

/// <summary>Whether a client has what it asks for already (RFC 9110 §13.1.2).</summary>
internal static class EntityTag
{
    public static bool IsKnown(HttpRequest request, string tag) =>
        request.Headers.IfNoneMatch.SelectMany(value => (value ?? "").Split(',')).Any(value => Names(value.Trim(), tag));

    private static bool Names(string asked, string tag) => asked == "*" || asked == tag || asked == $"W/{tag}";
}
