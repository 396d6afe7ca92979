using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;
using ReidCloud.Weights;

namespace ReidCloud.Functions;

/// <summary>Makes weights of the file that was uploaded: its tensors found, its network recognised, both for good.</summary>
public sealed class PushWeights(WeightsPushes pushes)
{
    [Function(nameof(PushWeights))]
    [Summary("Makes weights of the file that was uploaded")]
    [Accepts(typeof(PushRequest), Optional = true)]
    [Answers(200, typeof(WeightsView), "They are there, now or before, with what matched, what was missing and what was left over")]
    [Answers(400, null, "The name, the backbone or the hash cannot be")]
    [Answers(404, null, "Nothing was uploaded under this name, and nothing is there")]
    [Answers(409, null, "There are other weights of this name, or what was uploaded is not what `sha256` says: somebody else pushes under it")]
    [Answers(422, null, "The file cannot be weights of a network that is known; the place and what to do are named. Upload it again before the next try")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/weights/{name}")] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            Parameters.NewDataset(name);
            var asked = await JsonBody.ReadOrNullAsync<PushRequest>(request, cancellationToken);
            return await pushes.PushAsync(name, asked ?? new PushRequest(), cancellationToken) is { } pushed
                ? JsonResult.Of(WeightsView.Of(name, pushed))
                : throw ProblemException.NotFound($"Nothing was uploaded for weights '{name}': POST /api/weights/{name}/uploads says where to.");
        });
}
