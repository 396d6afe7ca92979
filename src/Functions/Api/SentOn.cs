using Microsoft.AspNetCore.Http;

namespace ReidCloud.Functions.Api;

/// <summary>Sends on to an address that nobody else may learn. The framework's own redirect writes where to into the log.</summary>
internal sealed class SentOn(Uri address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status302Found;
        response.Headers.Location = address.AbsoluteUri;
        response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
