using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Says where to read pushed weights from. The bytes come straight from the storage, never through here.</summary>
public sealed class GetWeightsFile(WeightsStore weights)
{
    [Function(nameof(GetWeightsFile))]
    [Summary("Sends on to the file of pushed weights")]
    [Answers(302, null, "The file is there, for a few minutes. Leave this API's key out when following", Location = true)]
    [Answers(404, null, "There are none of that name")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/weights/{name}/file")] HttpRequest request, string name, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            var manifest = await weights.GetAsync(name, cancellationToken) ?? throw Parameters.NoWeights(name);
            var address = await weights.OfferFileAsync(name, manifest, cancellationToken);
            return new SentOn(address.Url);
        });
}
