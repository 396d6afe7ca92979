using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;

namespace ReidCloud.Functions;

/// <summary>
/// Serves the web page at `/` and the files that it is made of beside it. They need no key and hold nothing of anybody: what the page shows it asks the API
/// for, with the key that its reader gives it.
/// </summary>
public sealed class GetPage
{
    /// <summary>The optional parameter is what lets a function answer the root (azure-functions-host pull request 1102): an empty route would be the function's name.</summary>
    [Function(nameof(GetPage))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{file?}")] HttpRequest request) =>
        Answer.ToAnyoneAsync(request, () =>
        {
            var name = request.Path.Value!.TrimStart('/');
            return Task.FromResult<IResult>(PageFile.Named(name.Length == 0 ? PageFile.Start : name) ?? throw ProblemException.NotFound(
                $"There is nothing at {request.Path}. The web page is at /; /api/openapi.json describes the API."));
        });
}
