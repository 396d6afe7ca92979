using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Datasets;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Functions;

/// <summary>Admits a run: everything that can be known before a GPU is taken is checked here. The same spec is the same run.</summary>
public sealed class SubmitRun(RunStore runs, DatasetStore datasets, WeightsStore weights)
{
    [Function(nameof(SubmitRun))]
    [Summary("Queues a run")]
    [Accepts(typeof(RunSpec))]
    [Answers(202, typeof(RunView), "It is queued, or waits for the run whose checkpoint it needs", Location = true)]
    [Answers(200, typeof(RunView), "The same was asked before: this is that run", Location = true)]
    [Answers(400, null, "Something in the spec is wrong; each place is named")]
    [Answers(413, null, "The body is larger than 1 MiB")]
    [Answers(415, null, "The body is not JSON")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs")] HttpRequest request, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request);
            var spec = await JsonBody.ReadAsync<RunSpec>(request, cancellationToken);
            SpecRules.Require(spec);
            await RequireDatasetAsync(spec, cancellationToken);
            await PushedWeights.RequireAsync(spec, weights, () => TrainedIdentitiesAsync(spec.Dataset, cancellationToken), cancellationToken);
            await RequireSameIdentitiesAsync(spec, cancellationToken);
            var submission = await runs.SubmitAsync(spec, cancellationToken);
            return JsonResult.Of(
                await RunViews.ReadAsync(runs, submission.Run, cancellationToken),
                submission.Created ? StatusCodes.Status202Accepted : StatusCodes.Status200OK,
                RunViews.Address(submission.Run));
        });

    private async Task RequireDatasetAsync(RunSpec spec, CancellationToken cancellationToken)
    {
        var dataset = await datasets.GetCommitAsync(spec.Dataset, cancellationToken);
        if (dataset is not { State: DatasetState.Ready })
        {
            throw new SpecException("$.dataset", dataset is null
                ? $"there is no data set '{spec.Dataset}'; upload and commit it first"
                : $"data set '{spec.Dataset}' is not ready, its commit is {NameConverterFactory.NameOf(dataset.State)}: GET /api/datasets/{spec.Dataset} says more");
        }

        var evaluation = spec switch { TrainSpec train => train.Evaluation, EvaluateSpec evaluate => evaluate.Evaluation, _ => null };
        if (evaluation?.Protocol == RetrievalProtocol.Atrw && !LayoutRegistry.Named(dataset.Layout!).HasTimes)
        {
            throw new SpecException(
                "$.evaluation.protocol",
                $"atrw needs to know when each image was taken; data set '{spec.Dataset}' (layout {dataset.Layout}) does not say: use cross-camera, or a data set of layout atrw");
        }
    }

    /// <summary>A class score of the teacher must mean the same person to the student, so both must be trained on the same identities.</summary>
    private async Task RequireSameIdentitiesAsync(RunSpec spec, CancellationToken cancellationToken)
    {
        foreach (var (path, run) in spec is TrainSpec ? spec.ParentRuns.Where(parent => parent.Path.StartsWith("$.method.", StringComparison.Ordinal)) : [])
        {
            if (RunId.TryParse(run, out var id)
                && await runs.GetSpecAsync(id, cancellationToken) is TrainSpec teacher
                && teacher.Dataset != spec.Dataset
                && !await HaveSameIdentitiesAsync(teacher.Dataset, spec.Dataset, cancellationToken))
            {
                throw new SpecException(
                    $"{path}.run",
                    $"run {id} was trained on the identities of '{teacher.Dataset}', which are not those of '{spec.Dataset}'; name a run trained on '{spec.Dataset}'");
            }
        }
    }

    private async Task<int> TrainedIdentitiesAsync(string dataset, CancellationToken cancellationToken) =>
        (await datasets.GetCommitAsync(dataset, cancellationToken))!.Diagnosis!.Train.Identities;

    private async Task<bool> HaveSameIdentitiesAsync(string one, string other, CancellationToken cancellationToken) =>
        await datasets.GetManifestAsync(one, cancellationToken) is { } a
        && await datasets.GetManifestAsync(other, cancellationToken) is { } b
        && Trained(a).SequenceEqual(Trained(b));

    private static IEnumerable<string> Trained(DatasetManifest manifest) => manifest.TrainingIdentities.Select(identity => manifest.Identities[identity]);
}
