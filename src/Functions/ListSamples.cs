using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Datasets;
using ReidCloud.Functions.Api;

namespace ReidCloud.Functions;

/// <summary>Lists some tracklets of a data set and where their frames can be looked at.</summary>
public sealed class ListSamples(SampleFrames samples)
{
    [Function(nameof(ListSamples))]
    [Summary("Lists some tracklets of a data set, to be looked at")]
    [Answers(200, typeof(SampleList), "A few identities of each split, as different cameras saw them, and a distractor; always the same")]
    [Answers(404, null, "There is no data set of that name, or it is not ready")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/datasets/{name}/samples")] HttpRequest request, string name, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            var sample = DatasetName.IsValid(name) ? await samples.OfAsync(name, cancellationToken) : null;
            return JsonResult.Of(new SampleList((sample ?? throw Parameters.NoReadyDataset(name)).Tracklets));
        });
}
