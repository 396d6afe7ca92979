using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Datasets;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Hands out one frame of a data set's sample: the bytes as they lie in its archive, said to be what they are and not what they are called.</summary>
public sealed class GetFrame(SampleFrames samples, DatasetStore datasets)
{
    [Function(nameof(GetFrame))]
    [Summary("Hands out a frame of a data set's sample")]
    [Answers(200, null, "The picture: JPEG, PNG or BMP", Type = "image/*")]
    [Answers(404, null, "There is no data set of that name, it is not ready, or the frame is not in its sample")]
    [Answers(422, null, "It is not a picture that a browser should be given")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/datasets/{name}/frames/{frame}")] HttpRequest request,
        string name,
        string frame,
        CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            var sample = (DatasetName.IsValid(name) ? await samples.OfAsync(name, cancellationToken) : null) ?? throw Parameters.NoReadyDataset(name);
            if (!int.TryParse(frame, NumberStyles.None, CultureInfo.InvariantCulture, out var place) || !sample.Frames.TryGetValue(place, out var lies))
            {
                throw ProblemException.NotFound($"Frame '{ForeignText.Shown(frame)}' is not in the sample of data set '{name}': GET /api/datasets/{name}/samples lists those that are.");
            }

            var bytes = await datasets.ReadFrameAsync(name, lies.Blob, lies.Frame, cancellationToken);
            return ImageHeader.Read(bytes, out var fault) is { } header
                ? new PictureResult(bytes, header.Format)
                : throw new ProblemException(StatusCodes.Status422UnprocessableEntity, $"Frame {place} of data set '{name}' {fault}.");
        });
}
