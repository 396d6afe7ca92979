using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Datasets;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Functions;

/// <summary>Admits a run: everything that can be known before a GPU is taken is checked here. The same spec is the same run.</summary>
public sealed class SubmitRun(RunStore runs, DatasetStore datasets, WeightsStore weights)
{
    [Function(nameof(SubmitRun))]
    [Summary("Queues a run")]
    [Accepts(typeof(RunSpec))]
    [Query("priority", typeof(RunPriority), "How soon it is taken; asked again for a run that has not begun, it changes. Left out: normal, or as it is")]
    [Answers(202, typeof(RunView), "It is queued, or waits for the run whose checkpoint it needs", Location = true)]
    [Answers(200, typeof(RunView), "The same was asked before: this is that run", Location = true)]
    [Answers(400, null, "Something in the spec is wrong; each place is named")]
    [Answers(413, null, "The body is larger than 1 MiB")]
    [Answers(415, null, "The body is not JSON")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/runs")] HttpRequest request, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request, "priority");
            var priority = Parameters.Named<RunPriority>(request, "priority");
            var spec = await JsonBody.ReadAsync<RunSpec>(request, cancellationToken);
            SpecRules.Require(spec);
            await RequireDatasetAsync(spec, cancellationToken);
            await RequireCamerasAsync(spec, cancellationToken);
            var pushed = await PushedWeights.RequireAsync(spec, weights, () => TrainedIdentitiesAsync(spec, cancellationToken), cancellationToken);
            await RequirePeersAsync(spec, cancellationToken);
            if (spec is TrainSpec train)
            {
                await RequireFittingParentsAsync(train, pushed, cancellationToken);
            }

            await RequireParentsThatMaySucceedAsync(spec, cancellationToken);

            // From here the run is ours to make: a client that hangs up does not leave half of one.
            var submission = await runs.SubmitAsync(spec, priority, CancellationToken.None);
            return JsonResult.Of(
                await RunViews.OfAsync(runs, new RunSummary(submission.Run, spec, submission.Status), submission.Created, cancellationToken),
                submission.Created ? StatusCodes.Status202Accepted : StatusCodes.Status200OK,
                RunViews.Address(submission.Run));
        });

    private async Task RequireDatasetAsync(RunSpec spec, CancellationToken cancellationToken)
    {
        var dataset = await datasets.GetAdmittedAsync(spec.Dataset, cancellationToken);
        if (dataset is not { State: DatasetState.Ready })
        {
            throw new SpecException("$.dataset", dataset is null
                ? $"there is no data set '{spec.Dataset}'; upload and commit it first"
                : $"data set '{spec.Dataset}' is not ready, its commit is {NameConverterFactory.NameOf(dataset.State)}: GET /api/datasets/{spec.Dataset} says more");
        }

        RequireSplits(spec, dataset);
        var evaluation = spec switch { TrainSpec train => train.Evaluation, EvaluateSpec evaluate => evaluate.Evaluation, _ => null };
        if (evaluation is not null && dataset.Diagnosis is { } diagnosis)
        {
            Require(
                CameraRules.Fault(spec, diagnosis.HasCameras, diagnosis.Train.Modality == SplitModality.Both),
                ProtocolRules.UnknownCameras(evaluation, spec.Dataset, diagnosis.HasCameras),
                ProtocolRules.Fault(evaluation, spec.Dataset, diagnosis, spec is TrainSpec { Validation: not null }));
        }

        if (spec is TrainSpec { Validation: { } validation } held && dataset.Diagnosis is { Matches: { } matches } counted)
        {
            RequireHeldBack(validation, held.Evaluation.Protocol == RetrievalProtocol.CrossCamera ? matches.TrainedAcrossCameras : counted.Train.Identities, counted.Train.Identities);
        }

        if (spec is EvaluateSpec { CameraBias: true } && dataset.Diagnosis is { HasCameras: false })
        {
            throw new SpecException("$.cameraBias", $"has no effect: data set '{spec.Dataset}' does not say which camera saw what; leave it out");
        }

        if (evaluation?.Protocol == RetrievalProtocol.Atrw && !LayoutRegistry.All.Any(layout => layout.Name == dataset.Layout && layout.HasTimes))
        {
            throw new SpecException(
                "$.evaluation.protocol",
                $"atrw needs to know when each image was taken; data set '{spec.Dataset}' (layout {dataset.Layout}) does not say: use cross-camera, or a data set of layout atrw");
        }
    }

    /// <summary>Which cameras there are, only the manifest tells: a large file, read where cameras are named.</summary>
    private async Task RequireCamerasAsync(RunSpec spec, CancellationToken cancellationToken)
    {
        if (spec is TrainSpec { Cameras.Count: > 0 } train && await datasets.GetManifestAsync(spec.Dataset, cancellationToken) is { } manifest)
        {
            _ = Part(manifest, train);
        }
    }

    private static void Require(params SpecError?[] faults)
    {
        if (faults.OfType<SpecError>().ToList() is { Count: > 0 } errors)
        {
            throw new SpecException(errors);
        }
    }

    /// <summary>As <see cref="ValidationPart"/> will find it.</summary>
    private static void RequireHeldBack(ValidationSpec validation, int searchable, int identities)
    {
        var most = Math.Min(searchable, identities - 2);
        if (validation.Identities > most)
        {
            throw new SpecException(
                "$.validation.identities",
                $"must be at most {Math.Max(0, most)}, was {validation.Identities}: the data set has {identities} training identities, of which {searchable} can be searched for and 2 must be left to train on");
        }
    }

    /// <summary>Runs that are not finished yet are waited for. What was asked before has its answer in its own status.</summary>
    private async Task RequireParentsThatMaySucceedAsync(RunSpec spec, CancellationToken cancellationToken)
    {
        if (!spec.ParentRuns.Any() || await runs.GetStatusAsync(RunId.Of(spec), cancellationToken) is not null)
        {
            return;
        }

        foreach (var (path, run) in spec.ParentRuns)
        {
            if (RunId.TryParse(run, out var id)
                && await runs.GetStatusAsync(id, cancellationToken) is { Status: { State: RunState.Failed or RunState.Cancelled } status })
            {
                throw new SpecException(
                    $"{path}.run",
                    $"run {run} {(status.State == RunState.Failed ? "failed" : "was cancelled")}, so it leaves no final checkpoint; `reid retry {run}` has it tried again (POST /api/runs/{run}/retry), then submit this");
            }
        }
    }

    /// <summary>What is measured or drawn must be there.</summary>
    private static void RequireSplits(RunSpec spec, CommitStatus dataset)
    {
        if (dataset.Diagnosis is not { } counts)
        {
            return;
        }

        var queries = counts.Query.Tracklets + (counts.QueryImage?.Tracklets ?? 0);
        if (spec is EvaluateSpec && (counts.Gallery.Tracklets == 0 || queries == 0))
        {
            throw new SpecException(
                "$.dataset", $"data set '{spec.Dataset}' has {queries} query and {counts.Gallery.Tracklets} gallery tracklets, and measuring takes both; name another");
        }

        if (spec is TrainSpec { Validation: null, Evaluation.EveryEpochs: > 0 } && (counts.Gallery.Tracklets == 0 || queries == 0))
        {
            throw new SpecException(
                "$.evaluation.everyEpochs",
                $"has no effect: data set '{spec.Dataset}' has {queries} query and {counts.Gallery.Tracklets} gallery tracklets, so there is nothing to measure; leave it out, and evaluate the trained network on other data sets");
        }

        if (spec is ExplainSpec && counts.Gallery.Tracklets == 0)
        {
            throw new SpecException("$.dataset", $"data set '{spec.Dataset}' has no gallery, so no images to explain; name another");
        }
    }

    private async Task RequirePeersAsync(RunSpec spec, CancellationToken cancellationToken)
    {
        foreach (var (path, checkpoint) in spec.Parents.Where(parent => parent.Checkpoint.Peer is not null))
        {
            if (RunId.TryParse(checkpoint.Run, out var id) && await runs.GetSpecAsync(id, cancellationToken) is { } theirs)
            {
                StartRules.RequirePeer(path, checkpoint, theirs);
            }
        }
    }

    /// <summary>What is known of the networks that a training builds on must fit it.</summary>
    private async Task RequireFittingParentsAsync(
        TrainSpec spec, IReadOnlyDictionary<string, WeightsManifest> pushed, CancellationToken cancellationToken)
    {
        foreach (var (path, checkpoint) in spec.Parents)
        {
            if (pushed.TryGetValue(path, out var theirs))
            {
                Fit(spec, path, theirs.Model);
            }
            else if (RunId.TryParse(checkpoint.Run, out var id) && await runs.GetSpecAsync(id, cancellationToken) is TrainSpec parent)
            {
                Fit(spec, path, parent.Model);
                await RequireSameIdentitiesAsync(path, id, parent, spec, cancellationToken);
                RequireSameValidation(path, id, parent.Validation, spec.Validation);
            }
        }
    }

    private static void Fit(TrainSpec spec, string path, ModelSpec theirs)
    {
        switch (path)
        {
            case "$.initialWeights":
                StartRules.RequireInitial(spec.Model, theirs.Backbone);
                break;
            case "$.method.student":
                StartRules.RequireStudent(spec.Model, (ViewDistillationSpec)spec.Method, theirs);
                break;
            case "$.method.teacher":
                StartRules.RequireTeacher(spec, (ViewDistillationSpec)spec.Method, theirs);
                break;
        }
    }

    /// <summary>A class score of the teacher must mean the same person to the student, so both must be trained on the same identities.</summary>
    private async Task RequireSameIdentitiesAsync(string path, RunId run, TrainSpec theirs, TrainSpec ours, CancellationToken cancellationToken)
    {
        var isSame = theirs.Dataset == ours.Dataset && theirs.Cameras.Order().SequenceEqual(ours.Cameras.Order());
        if (path.StartsWith("$.method.", StringComparison.Ordinal) && !isSame && !await HaveSameIdentitiesAsync(theirs, ours, cancellationToken))
        {
            throw new SpecException(
                $"{path}.run", $"run {run} was trained on the identities of '{theirs.Dataset}'{Seen(theirs)}, which are not those of '{ours.Dataset}'{Seen(ours)}; name a run trained on {(theirs.Dataset == ours.Dataset ? "the same $.cameras" : $"'{ours.Dataset}'")}");
        }

        static string Seen(TrainSpec spec) => spec.Cameras.Count > 0 ? $" that cameras {string.Join(", ", spec.Cameras)} saw" : "";
    }

    /// <summary>Who was held back from one was not held back from the other, and the figures of both would flatter.</summary>
    private static void RequireSameValidation(string path, RunId run, ValidationSpec? theirs, ValidationSpec? ours)
    {
        if (path.StartsWith("$.method.", StringComparison.Ordinal) && theirs != ours)
        {
            throw new SpecException(
                $"{path}.run",
                $"run {run} {(theirs is null ? "held nobody back" : $"held {theirs.Identities} identities back (seed {theirs.Seed})")}, this one {(ours is null ? "holds nobody" : $"holds {ours.Identities} (seed {ours.Seed})")}: give both the same $.validation");
        }
    }

    private async Task<int> TrainedIdentitiesAsync(RunSpec spec, CancellationToken cancellationToken) =>
        spec is TrainSpec { Cameras.Count: > 0 } train && await datasets.GetManifestAsync(spec.Dataset, cancellationToken) is { } manifest
            ? Part(manifest, train).TrainingIdentities.Count
            : (await datasets.GetAdmittedAsync(spec.Dataset, cancellationToken))!.Diagnosis!.Train.Identities - ((spec as TrainSpec)?.Validation?.Identities ?? 0);

    private async Task<bool> HaveSameIdentitiesAsync(TrainSpec one, TrainSpec other, CancellationToken cancellationToken) =>
        await datasets.GetManifestAsync(one.Dataset, cancellationToken) is { } a
        && await datasets.GetManifestAsync(other.Dataset, cancellationToken) is { } b
        && Trained(a, one).SequenceEqual(Trained(b, other));

    private static IEnumerable<string> Trained(DatasetManifest manifest, TrainSpec spec) => Part(manifest, spec).TrainingIdentities.Select(identity => manifest.Identities[identity]);

    /// <summary>As the runner will see it.</summary>
    private static DatasetManifest Part(DatasetManifest manifest, TrainSpec spec) => CameraPart.Of(ValidationPart.Of(manifest, spec), spec);
}
