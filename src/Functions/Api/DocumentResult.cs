using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace ReidCloud.Functions.Api;

/// <summary>
/// A report or a comparison for people. Of a page nothing runs, and nothing but its own style and pictures is shown: the sandbox makes it a stranger to this
/// server, so that it could not ask for anything even if something in it did run.
/// </summary>
internal sealed class DocumentResult(ReadOnlyMemory<byte> utf8, ReportForm form, string fileName) : IResult
{
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(utf8.Span))[..32]}\"";
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        if (form == ReportForm.Html)
        {
            response.Headers.ContentSecurityPolicy = Policy;
        }

        if (EntityTag.IsKnown(request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = $"{ReportForms.MediaTypeOf(form)}; charset=utf-8";
        response.Headers.ContentDisposition = $"inline; filename=\"{fileName}\"";
        response.ContentLength = utf8.Length;
        await response.Body.WriteAsync(utf8, httpContext.RequestAborted);
    }
}
