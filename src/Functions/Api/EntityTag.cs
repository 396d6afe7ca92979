using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace ReidCloud.Functions.Api;

/// <summary>Says which bytes an answer has, and whether a client has them already (RFC 9110 §13.1.2).</summary>
internal static class EntityTag
{
    public static string Of(ReadOnlySpan<byte> content) => $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"";

    /// <summary>Names the bytes in the answer. True where the client has them: the answer is then 304, without a body.</summary>
    public static bool IsAnswer(HttpContext context, string tag, string cacheControl)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = tag;
        response.Headers.CacheControl = cacheControl;
        var isKnown = request.Headers.IfNoneMatch.SelectMany(value => (value ?? "").Split(',')).Any(value => Names(value.Trim(), tag));
        if (isKnown)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
        }

        return isKnown;
    }

    private static bool Names(string asked, string tag) => asked == "*" || asked == tag || asked == $"W/{tag}";
}
