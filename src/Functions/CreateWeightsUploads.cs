using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;
using ReidCloud.Weights;

namespace ReidCloud.Functions;

/// <summary>Says where to upload a weights file to. The bytes go straight to the storage, never through here.</summary>
public sealed class CreateWeightsUploads(WeightsStore weights)
{
    [Function(nameof(CreateWeightsUploads))]
    [Summary("Gives an address to upload a weights file to, or the hparams.json that lay beside it")]
    [Accepts(typeof(WeightsUploadRequest))]
    [Answers(200, typeof(WeightsUploadOffer), "PUT the file's bytes there, with these headers, before it expires")]
    [Answers(400, null, "The weights' or the file's name cannot be")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/weights/{name}/uploads")] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            Parameters.NewDataset(name);
            var upload = await JsonBody.ReadAsync<WeightsUploadRequest>(request, cancellationToken);
            return JsonResult.Of(await weights.OfferUploadAsync(name, upload.File, cancellationToken));
        });
}
