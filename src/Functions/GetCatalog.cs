using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Specs;

namespace ReidCloud.Functions;

/// <summary>Says what this version can be asked for: the names that specs may use, and the schema of a spec.</summary>
public sealed class GetCatalog
{
    [Function(nameof(GetCatalog))]
    [Summary("Says what may be asked for: every name that a spec may use, and the spec's JSON schema")]
    [Answers(200, typeof(SpecCatalog), "The catalog")]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/catalog")] HttpRequest request) =>
        Answer.WithAsync(request, () =>
        {
            Parameters.Allow(request);
            return Task.FromResult<IResult>(JsonResult.Of(SpecCatalog.Current));
        });
}
