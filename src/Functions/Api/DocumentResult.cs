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
        var response = httpContext.Response;
        if (form == ReportForm.Html)
        {
            response.Headers.ContentSecurityPolicy = Policy;
        }

        if (EntityTag.IsAnswer(httpContext, EntityTag.Of(utf8.Span), "private, no-cache"))
        {
            return;
        }

        response.ContentType = $"{ReportForms.MediaTypeOf(form)}; charset=utf-8";
        response.Headers.ContentDisposition = $"inline; filename=\"{fileName}\"";
        response.ContentLength = utf8.Length;
        await response.Body.WriteAsync(utf8, httpContext.RequestAborted);
    }
}
