using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ReidCloud.Functions.Api;

/// <summary>
/// What every answer tells a browser: it is data, to be neither guessed at, run, framed, kept nor named to others. What is a page says itself what it may do.
/// OWASP Secure Headers.
/// </summary>
internal static class SecurityHeaders
{
    private const string Data = "default-src 'none'; frame-ancestors 'none'";
    private const string ForwardedScheme = "X-Forwarded-Proto";

    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (StringValues.IsNullOrEmpty(headers.ContentSecurityPolicy))
        {
            headers.ContentSecurityPolicy = Data;
        }

        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (StringValues.IsNullOrEmpty(headers.CacheControl))
        {
            headers.CacheControl = "no-store";
        }

        // In the cloud the worker is behind its host, which says how it was asked.
        if (context.Request.IsHttps || context.Request.Headers[ForwardedScheme] == "https")
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }
}
