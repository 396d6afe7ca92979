using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Datasets;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Says where to upload a file of a data set to. The bytes go straight to the storage, never through here.</summary>
public sealed class CreateUploads(DatasetStore datasets)
{
    [Function(nameof(CreateUploads))]
    [Summary("Gives an address to upload one file of a data set to")]
    [Accepts(typeof(UploadRequest))]
    [Answers(200, typeof(UploadOffer), "PUT the file's bytes there, with these headers, before it expires")]
    [Answers(400, null, "The data set's or the file's name cannot be")]
    [Answers(409, null, "The data set is committed and never changes again")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/datasets/{name}/uploads")] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            Parameters.NewDataset(name);
            var upload = await JsonBody.ReadAsync<UploadRequest>(request, cancellationToken);
            return JsonResult.Of(await datasets.OfferUploadAsync(name, upload.File, cancellationToken));
        });
}
