using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Lists what a run that has succeeded left besides its report.</summary>
public sealed class ListRunFiles(RunStore runs)
{
    [Function(nameof(ListRunFiles))]
    [Summary("Lists the files of a run")]
    [Answers(200, typeof(RunFileList), "Names, sizes and content; of a training also `checkpoint.safetensors`, its result, and `best.safetensors`, where an earlier checkpoint was measured to be better")]
    [Answers(404, null, "There is no such run")]
    [Answers(409, null, "It has not succeeded, or not yet")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}/files")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            var run = Parameters.Run(id);
            var files = await RunViews.ReadFilesAsync(runs, run, cancellationToken);
            return JsonResult.Of(new RunFileList([.. files.Select(file => RunViews.Of(run, file))]));
        });
}
