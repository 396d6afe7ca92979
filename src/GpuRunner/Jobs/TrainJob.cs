using System.Globalization;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Insights;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Reports;
using ReidCloud.Specs;
using TorchSharp;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>
/// Trains by the method of the spec, from the beginning or from a checkpoint, and measures what came out: beside it its teacher, the other peers, a network that was
/// trained alone, where there are such.
/// </summary>
internal sealed class TrainJob(
    TrainSpec spec, DatasetFrames frames, IReadOnlyDictionary<CheckpointRef, Parent> parents, RunContext context, TimeProvider time, Placement placement)
    : Job(frames, parents, context, time, placement.Main)
{
    public override JobOutcome Run(Stream? checkpoint)
    {
        var manifest = Frames.Manifest;
        RequireMeasurable(spec.Evaluation);
        RequirePrecision();
        RequireCameras();
        IReadOnlyList<string> identities = [.. manifest.TrainingIdentities.Select(identity => manifest.Identities[identity])];
        using var cache = Frames.Open(spec.Input);
        using var batches = Batches(cache);
        using var alone = Alone();
        using var method = MethodRegistry.Create(
            spec,
            identities.Count,
            (weights, role) => Load(weights, role is null ? null : trained => trained.RequireIdentities(role, manifest.Hash, identities)));
        var beside = method.Teacher ?? (alone is null ? default((CheckpointRef Checkpoint, ReidModel Model)?) : (((MutualLearningSpec)spec.Method).Alone!, alone.Model));
        if (beside is { } measuredToo)
        {
            RequireFeatures(spec.Evaluation, measuredToo.Checkpoint, measuredToo.Model.Spec, alone?.HasHead ?? true);
        }

        var trainer = new Trainer(spec, method, batches, manifest.Hash, identities, Context, Time, placement);
        var trained = trainer.Run(checkpoint, model => MeasureOnTheWay(model, spec.Evaluation, spec.Input, cache, spec.Seed));
        List<Learner> others = [.. method.Learners.Where(learner => learner.Role != method.ResultRole)];
        var models = 1 + others.Count + (beside is null ? 0 : 1);
        using var result = Measured(method.Result, spec.Input, cache, 0, models);
        var peers = new List<PeerFigures>();
        var ofPeers = new List<string>();
        foreach (var (place, peer) in others.Index())
        {
            peer.MoveTo(Device);
            using var figures = MeasuredPeer(peer, cache, place + 1, models);
            peers.Add(new PeerFigures(place + 2, figures.Settings) { Differences = Differences(result.Measured, figures, spec.Seed) });
            ofPeers.AddRange(figures.Warnings.Select(warning => $"{peer.Role}: {warning}"));
        }

        using var second = beside is { } known ? Beside(known.Checkpoint, known.Model, alone, cache, models) : null;
        var against = second is null ? default((CheckpointRef, InspectedModel)?) : (beside!.Value.Checkpoint, second);
        TellPeers(peers);

        // A teacher must have learned the very identities of the run, or it could not teach.
        var outcome = Reported(spec, spec.Evaluation, result, against, sameClasses: alone is null || alone.Tells(manifest.Hash, identities), manifest.HasCameras ? CameraPart.Trained(manifest).ToHashSet() : null, spec.Epochs);
        return outcome with
        {
            Losses = trained.Losses,
            History = trained.Evaluations,
            Peers = peers,
            Warnings = [.. MixedStatistics(spec.Evaluation, beside?.Checkpoint), .. outcome.Warnings, .. ofPeers, .. HeldBack(), .. Unseen(), .. Unused(identities.Count), .. LeftOut(trained.Sets), .. method.Warnings],
            TrainingImagesPerSecond = trained.ImagesPerSecond,
            TrainedOnDatasetHash = manifest.Hash,
        };
    }

    /// <exception cref="SpecException">The data set does not know what is asked of its cameras.</exception>
    private void RequireCameras()
    {
        var manifest = Frames.Manifest;
        var modalities = manifest.Of(Split.Train).Select(tracklet => manifest.Cameras[tracklet.Camera].Modality).Distinct().Count();
        if (CameraRules.Fault(spec, manifest.HasCameras, modalities == 2) is { } fault)
        {
            throw new SpecException([fault]);
        }
    }

    /// <exception cref="SpecException">The devices cannot compute in the numbers that are asked for.</exception>
    private void RequirePrecision()
    {
        if (spec.Precision == Precision.TensorFloat32 && placement.Devices.Any(device => device.type != DeviceType.CUDA))
        {
            throw new SpecException(
                "$.precision",
                $"'tensor-float32' is for CUDA devices, and this runner computes on {placement}: ask for 'float32' or 'bfloat16', or start a runner whose {ReidCloudOptions.Section}__{nameof(ReidCloudOptions.Device)} is cuda");
        }
    }

    /// <summary>Made by the CPU for itself; a CUDA device makes its own.</summary>
    private BatchSource Batches(FrameCache cache)
    {
        if (Device.type != DeviceType.CUDA)
        {
            return new BatchLoader(spec, Frames.Manifest, cache, Frames.Picture);
        }

        var batches = new DeviceBatches(spec, Frames.Manifest, cache, Frames.Picture, Device, placement.ResidentBytes);
        Context.Tell(new RunEvent(Time.GetUtcNow(), RunEventKind.Note) { Message = batches.Way });
        return batches;
    }

    /// <summary>Loaded before the training, so that it is known whether it can be.</summary>
    private TrainedModel? Alone() => spec.Method is MutualLearningSpec { Alone: { } checkpoint } ? Load(checkpoint) : null;

    private InspectedModel Measured(ReidModel model, InputSpec input, FrameCache cache, int place, int models, bool hasClassifier = true)
    {
        var extras = ToInspect(spec.Evaluation, spec.Seed);
        return new InspectedModel(model, input, Measure(model, spec.Evaluation, input, cache, extras, spec.Epochs, place, models), hasClassifier);
    }

    private ModelFigures MeasuredPeer(Learner peer, FrameCache cache, int place, int models)
    {
        try
        {
            return Measure(peer.Model, spec.Evaluation, spec.Input, cache, new EvaluationExtras(spec.Seed), spec.Epochs, place, models);
        }
        catch (BrokenModelException fault)
        {
            throw new BrokenModelException($"{peer.Role}: {fault.Message}", fault);
        }
    }

    /// <summary>A network that did not learn here sees what it saw in its own training; a teacher saw what its student sees.</summary>
    private InspectedModel Beside(CheckpointRef checkpoint, ReidModel model, TrainedModel? alone, FrameCache cache, int models)
    {
        var input = alone?.Input ?? spec.Input;
        model.MoveTo(Device);
        using var own = input == spec.Input ? null : Frames.Open(input);
        return Of(checkpoint, () => Measured(model, input, own ?? cache, models - 1, models, alone?.HasHead ?? true));
    }

    private void TellPeers(IReadOnlyList<PeerFigures> peers)
    {
        if (peers.Count > 0)
        {
            Context.Tell(new RunEvent(Time.GetUtcNow(), RunEventKind.Evaluation)
            {
                Epoch = spec.Epochs,
                Values = new Dictionary<string, double>(peers.SelectMany(peer => Values(peer.Settings, $"{MutualLearningSpec.RoleOf(peer.Peer)}/"))),
            });
        }
    }

    /// <summary>Figures of a validation part are not those of the test.</summary>
    private IEnumerable<string> HeldBack()
    {
        if (spec.Validation is not null)
        {
            var counts = Frames.Manifest.Diagnosis;
            yield return $"measured on {counts.Query.Identities} training identities that were held back ({counts.Query.Tracklets} queries, {counts.Gallery.Tracklets} in the gallery), and trained on the other "
                + $"{counts.Train.Identities}: `reid evaluate` measures on the data set's own test";
        }
    }

    private IEnumerable<string> Unseen()
    {
        if (spec.Cameras.Count > 0)
        {
            var train = Frames.Manifest.Diagnosis.Train;
            yield return $"trained only on what cameras {string.Join(", ", spec.Cameras)} saw: {train.Frames} frames of {train.Identities} identities";
        }
    }

    private IEnumerable<string> LeftOut(SetCounts? sets)
    {
        if (sets is { LeftOut: > 0 })
        {
            var share = (sets.LeftOut / (double)sets.Drawn).ToString("P2", CultureInfo.InvariantCulture);
            yield return $"camera batch norm left {sets.LeftOut} of {sets.Drawn} sets ({share}) out of their steps: a camera of theirs took fewer than {spec.CameraBatchNorm!.LeastFrames} of the batch's frames";
        }
    }

    private IEnumerable<string> Unused(int identities)
    {
        var apart = spec.Sampling.Modalities == ModalityMix.Any ? 0 : new IdentitySampler(new TrainingSplit(Frames.Manifest), spec.Sampling, spec.Seed).NeverDrawn;
        if (apart > 0)
        {
            yield return $"{apart} of {identities} training identities were seen by visible or by infrared cameras alone, and were not trained on: batches have both of each";
        }

        var left = (identities - apart) % spec.Sampling.Identities;
        if (left > 0 && !spec.Sampling.KeepLastBatch && spec.Sampling.Draw == IdentityDraw.EachIdentityOnce)
        {
            yield return $"each epoch leaves {left} of {identities - apart} identities out, others every time: {spec.Sampling.Identities} make a batch";
        }
    }
}
