using Microsoft.AspNetCore.Http;
using ReidCloud.Specs;

namespace ReidCloud.Functions.Api;

/// <summary>
/// An answer in the system's JSON. One to GET carries an entity tag of its bytes, and is 304 without a body when the client has them already.
/// </summary>
internal sealed class JsonResult(ReadOnlyMemory<byte> utf8, int status, string contentType) : IResult
{
    public string? Location { get; init; }

    public static JsonResult Of<T>(T value, int status = StatusCodes.Status200OK, string? location = null) =>
        new(ReidJson.Write(value), status, "application/json") { Location = location };

    /// <summary>JSON that is stored in the very form in which it is shown.</summary>
    public static JsonResult OfBytes(ReadOnlyMemory<byte> utf8) => new(utf8, StatusCodes.Status200OK, "application/json");

    public static JsonResult Of(ProblemDocument problem) => new(ReidJson.Write(problem), problem.Status, ProblemDocument.ContentType);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        if (HttpMethods.IsGet(request.Method) && status == StatusCodes.Status200OK && EntityTag.IsAnswer(httpContext, EntityTag.Of(utf8.Span), "no-cache"))
        {
            return;
        }

        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = utf8.Length;
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        if (!httpContext.RequestAborted.IsCancellationRequested)
        {
            await response.Body.WriteAsync(utf8, httpContext.RequestAborted);
        }
    }
}
