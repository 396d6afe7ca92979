using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Specs;

namespace ReidCloud.Functions;

/// <summary>The API describes itself.</summary>
public sealed class GetOpenApi
{
    private static readonly Lazy<byte[]> Document =
        new(() => Encoding.UTF8.GetBytes(OpenApiDocument.Create(ProductVersion.Current).ToJsonString(ReidJson.Indented)));

    [Function(nameof(GetOpenApi))]
    [Summary("Describes this API in OpenAPI 3.1")]
    [Answers(200, null, "The description")]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/openapi.json")] HttpRequest request) =>
        Answer.WithAsync(request, () => Task.FromResult<IResult>(JsonResult.OfBytes(Document.Value)));
}
