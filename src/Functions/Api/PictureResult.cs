using System.Net.Mime;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using ReidCloud.Datasets;

namespace ReidCloud.Functions.Api;

/// <summary>A picture's bytes, of the format that they were seen to have. Only its reader keeps it, since it may show a person.</summary>
internal sealed class PictureResult(byte[] bytes, ImageFormat format) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"";
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        if (EntityTag.IsKnown(request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = format switch
        {
            ImageFormat.Jpeg => MediaTypeNames.Image.Jpeg,
            ImageFormat.Png => MediaTypeNames.Image.Png,
            ImageFormat.Bmp => MediaTypeNames.Image.Bmp,
        };
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}
