using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Datasets;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Functions;

/// <summary>Makes a data set of what was uploaded: its layout recognised, its files read and checked, its manifest written.</summary>
public sealed class CommitDataset(DatasetStore datasets, DatasetCommits commits, ReidCloudOptions options, TimeProvider time)
{
    [Function(nameof(CommitDataset))]
    [Summary("Makes a data set of what was uploaded, for it or for another, or of several others")]
    [Accepts(typeof(CommitRequest), Optional = true)]
    [Answers(200, typeof(DatasetView), "It is ready, now or before")]
    [Answers(202, typeof(DatasetView), "It takes longer: ask at its address how it goes", Location = true)]
    [Answers(400, null, "The name, the layout, its variant, a named file or the data set it is to be made from cannot be")]
    [Answers(404, null, "Nothing was uploaded under this name")]
    [Answers(409, null, "It is ready, with other files, another layout or another variant, or is being made of other files")]
    [Answers(422, null, "The files cannot be a data set; each fault is named, with what to do")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/datasets/{name}")] HttpRequest request,
        string name,
        CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            Parameters.NewDataset(name);
            var asked = await JsonBody.ReadOrNullAsync<CommitRequest>(request, cancellationToken) ?? new CommitRequest();
            if (asked.Layout is { } layout && !LayoutRegistry.Names.Contains(layout))
            {
                throw new SpecException("$.layout", $"'{layout}' is not one of: {string.Join(", ", LayoutRegistry.Names)}");
            }

            if (asked is { Layout: { } named, Variant: { } variant } && LayoutRegistry.Named(named).FaultOfVariant(variant) is { } fault)
            {
                throw new SpecException("$.variant", fault);
            }

            if (asked is { From: null, Combine: null } && !await datasets.HasUploadsAsync(name, cancellationToken)
                && await datasets.GetShownAsync(name, cancellationToken) is null or { From: null, Combine: null })
            {
                throw ProblemException.NotFound($"Nothing was uploaded for data set '{name}': POST /api/datasets/{name}/uploads says where to.");
            }

            return await CommitAsync(name, asked, cancellationToken);
        });

    private async Task<IResult> CommitAsync(string name, CommitRequest asked, CancellationToken cancellationToken)
    {
        var commit = commits.CommitAsync(name, asked);
        var status = await Task.WhenAny(commit, Task.Delay(options.CommitPatience, cancellationToken)) == commit
            ? await commit
            : await UnderWayAsync(name, asked, cancellationToken);
        var view = DatasetViews.Of(name, status);
        return status.State switch
        {
            DatasetState.Committing => JsonResult.Of(view, StatusCodes.Status202Accepted, DatasetViews.Address(name)),
            DatasetState.Ready => JsonResult.Of(view),
            DatasetState.Failed => JsonResult.Of(DatasetViews.Refusal(name, status)),
        };
    }

    private async Task<CommitStatus> UnderWayAsync(string name, CommitRequest asked, CancellationToken cancellationToken) =>
        await datasets.GetCommitAsync(name, cancellationToken) is { State: DatasetState.Committing } status
            ? status
            : new CommitStatus(DatasetState.Committing, "", time.GetUtcNow()) { Layout = asked.Layout, Variant = asked.Variant, From = asked.From, Combine = asked.Combine, Files = asked.Files };
}
