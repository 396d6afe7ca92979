using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using ReidCloud.Datasets;

namespace ReidCloud.Functions.Api;

/// <summary>A picture's bytes, of the format that they were seen to have. Only its reader keeps it, since it may show a person.</summary>
internal sealed class PictureResult(byte[] bytes, ImageFormat format) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (EntityTag.IsAnswer(httpContext, EntityTag.Of(bytes), "private, no-cache"))
        {
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
