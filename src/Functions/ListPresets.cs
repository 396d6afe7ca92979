using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Specs;

namespace ReidCloud.Functions;

/// <summary>Lists the published recipes: complete specs by name.</summary>
public sealed class ListPresets
{
    [Function(nameof(ListPresets))]
    [Summary("Lists presets: named complete specs")]
    [Answers(200, typeof(PresetList), "All presets")]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/presets")] HttpRequest request) =>
        Answer.WithAsync(request, () =>
        {
            Parameters.Allow(request);
            return Task.FromResult<IResult>(JsonResult.Of(new PresetList(Presets.All)));
        });
}
