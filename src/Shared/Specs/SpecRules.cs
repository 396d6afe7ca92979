using ReidCloud.Datasets;

namespace ReidCloud.Specs;

/// <summary>
/// What a spec must fulfil beyond its form: ranges, and what members demand of each other. Everything that is wrong is found at once. What a spec refers to,
/// its data set and other runs, is checked where that can be looked up.
/// </summary>
public static class SpecRules
{
    private const int MostEpochs = 100_000;
    private const int MostHeldBack = 1_000_000;
    private const int MostExplained = 1000;
    private const int LargestSide = 1024;
    private const int SmallestSide = 32;
    private const int SideStep = 8;

    /// <summary>Of numbers from 0 to 1; 1/255 leaves bytes as they are.</summary>
    private const double SmallestDeviation = 0.001;
    private const double LargestDeviation = 1000;
    private const int MostReplicas = 64;
    private const int MostKept = 100;
    private const int MostCameras = 1000;
    private const int LongestName = 1000;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestStall = TimeSpan.FromDays(1);

    /// <summary>An image as floats, three channels; the batch of the published student has 384 of 256 × 128, 151 MB.</summary>
    private const long LargestBatchBytes = 2L << 30;
    private const int LargestBatch = 4096;

    /// <exception cref="SpecException">Anything is wrong.</exception>
    public static void Require(RunSpec spec)
    {
        var errors = Check(spec);
        if (errors.Count > 0)
        {
            throw new SpecException(errors);
        }
    }

    public static IReadOnlyList<SpecError> Check(RunSpec spec)
    {
        var faults = new SpecFaults();
        faults.Unless(DatasetName.IsValid(spec.Dataset), "$.dataset", $"{DatasetName.Rule}, was '{spec.Dataset}'");
        faults.AtLeast(spec.Seed, 0, "$.seed");
        faults.InRange(spec.Repeat, 0, 1_000_000, "$.repeat");
        Limits(spec.Limits, faults);
        foreach (var (path, checkpoint) in spec.Parents)
        {
            Reference(path, checkpoint, faults);
        }

        switch (spec)
        {
            case TrainSpec train:
                Train(train, faults);
                break;
            case EvaluateSpec evaluate:
                Seen(evaluate, evaluate.Input, faults);
                EvaluationRules.Check(evaluate.Evaluation, faults);
                faults.Unless(
                    evaluate.Evaluation.EveryEpochs == 0,
                    "$.evaluation.everyEpochs",
                    $"has no meaning in an evaluate run, which has no epochs, was {evaluate.Evaluation.EveryEpochs}; leave it out");
                Curve(evaluate, faults);
                break;
            case ExplainSpec explain:
                Seen(explain, explain.Input, faults);
                faults.InRange(explain.Images, 1, MostExplained, "$.images");
                break;
            case ExportSpec export:
                Seen(export, export.Input, faults);
                break;
        }

        return faults.Errors;
    }

    private static void Limits(LimitsSpec limits, SpecFaults faults)
    {
        faults.InRange(limits.MaxAttempts, 1, 1000, "$.limits.maxAttempts");
        faults.Between(limits.Timeout ?? LongestTimeout, TimeSpan.FromSeconds(1), LongestTimeout, "$.limits.timeout");
        faults.Between(limits.Stall, TimeSpan.FromSeconds(1), LongestStall, "$.limits.stall");
    }

    private static void Reference(string path, CheckpointRef checkpoint, SpecFaults faults)
    {
        faults.Unless(checkpoint.Peer is not < 1, $"{path}.peer", $"must be at least 1, was {checkpoint.Peer}");
        if (checkpoint.Weights is not { } weights)
        {
            faults.Unless(
                CheckpointRef.IsRunId(checkpoint.Run),
                $"{path}.run",
                checkpoint.Run is null
                    ? "is missing: name a run, or `weights` that were pushed"
                    : $"must be a run id (twenty lowercase hexadecimal digits), was '{checkpoint.Run}'");
            return;
        }

        faults.Unless(checkpoint.Peer is null, $"{path}.peer", "has no meaning for pushed weights, which are one network: leave it out");
        faults.Unless(checkpoint.Run is null, path, "names both a run and pushed weights: one of them is meant");
        faults.Unless(DatasetName.IsValid(weights), $"{path}.weights", $"{DatasetName.Rule}, was '{weights}'");
    }

    /// <summary>Runs know what their networks saw; pushed weights do not.</summary>
    private static void Seen(RunSpec spec, InputSpec? input, SpecFaults faults)
    {
        if (input is not null)
        {
            Input(input, faults);
        }

        faults.Unless(
            input is not null || spec.Parents.All(parent => parent.Checkpoint.Weights is null),
            "$.input",
            "is missing: pushed weights do not say what size of image they were trained on; VKD's are 256 x 128 for persons, 224 x 224 otherwise");
    }

    private static void Curve(EvaluateSpec spec, SpecFaults faults)
    {
        var seen = new HashSet<int>();
        foreach (var (i, frames) in spec.GalleryFrames.Index())
        {
            faults.InRange(frames, 1, EvaluationRules.MostFrames, $"$.galleryFrames[{i}]");
            faults.Unless(seen.Add(frames), $"$.galleryFrames[{i}]", $"names {frames} again: once is enough");
        }

        faults.Unless(
            spec.GalleryFrames.Count == 0
                || spec.Evaluation.Settings.Any(setting => setting is RetrievalSetting.ImageToVideo or RetrievalSetting.VideoToVideo),
            "$.galleryFrames",
            "has no effect: none of $.evaluation.settings searches videos; add image-to-video or video-to-video, or leave it out");
    }

    private static void Train(TrainSpec spec, SpecFaults faults)
    {
        Model(spec.Model, faults);
        Input(spec.Input, faults);
        Augmentation(spec, faults);
        MethodRules.Check(spec, faults);
        StartRules.Check(spec, faults);
        Batch(spec, faults);
        TrainingRules.Optimizer(spec.Optimizer, faults);
        TrainingRules.Schedule(spec.Schedule, spec.Epochs, faults);
        faults.InRange(spec.Epochs, 1, MostEpochs, "$.epochs");
        var sets = spec.Sampling.Identities * spec.Sampling.Tracklets;
        faults.Unless(
            spec.Replicas is 1 || (spec.Replicas is > 1 and <= MostReplicas && sets % spec.Replicas == 0 && sets > spec.Replicas),
            "$.replicas",
            $"must be from 1 to {MostReplicas} and divide the {sets} sets of a batch ($.sampling.identities times $.sampling.tracklets) into parts of at least 2 sets, was {spec.Replicas}");
        if (spec.CameraBatchNorm is { } byCamera)
        {
            CameraBatchNorm(spec, byCamera, faults);
        }

        faults.InRange(spec.Checkpoints.EveryEpochs, 1, MostEpochs, "$.checkpoints.everyEpochs");
        faults.InRange(spec.Checkpoints.Keep, 1, MostKept, "$.checkpoints.keep");
        EvaluationRules.Check(spec.Evaluation, faults);
        foreach (var (path, message) in EvaluationRules.Features(spec.Evaluation, spec.Model, "$.model"))
        {
            faults.Add(path, message);
        }

        faults.InRange(spec.Evaluation.EveryEpochs, 0, MostEpochs, "$.evaluation.everyEpochs");
        Cameras(spec.Cameras, faults);
        if (spec.Validation is { } validation)
        {
            Validation(validation, spec.Evaluation, faults);
        }
    }

    /// <summary>Which there are, only the data set tells.</summary>
    private static void Cameras(IReadOnlyList<string> cameras, SpecFaults faults)
    {
        faults.InRange(cameras.Count, 0, MostCameras, "$.cameras");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, name) in cameras.Take(MostCameras).Index())
        {
            // In lists the serializer lets null through.
            faults.Unless(name is { Length: > 0 and <= LongestName }, $"$.cameras[{i}]", $"must be a name of 1 to {LongestName} characters, was '{ForeignText.Shown(name ?? "null")}'");
            faults.Unless(seen.Add(name!), $"$.cameras[{i}]", $"names '{ForeignText.Shown(name ?? "null")}' again: once is enough");
        }
    }

    private static void CameraBatchNorm(TrainSpec spec, CameraBatchNormSpec byCamera, SpecFaults faults)
    {
        var frames = (long)spec.Sampling.Identities * spec.Sampling.Tracklets * spec.Method.SampledViews;
        faults.InRange(byCamera.LeastFrames, CameraBatchNormSpec.Fewest, Math.Clamp(frames, CameraBatchNormSpec.Fewest, LargestBatch), "$.cameraBatchNorm.leastFrames");
        faults.Unless(
            spec.Evaluation.CameraStatistics is not null,
            EvaluationRules.CameraStatisticsPath,
            "is needed with $.cameraBatchNorm: the running statistics of such a training are a mixture of cameras that no test should use; {} asks for the published 50 mini-batches of 64 frames");
        faults.Unless(spec.Replicas == 1, "$.replicas", $"must be 1 with $.cameraBatchNorm, where the parts of a batch are its cameras, was {spec.Replicas}: leave one of them out");
    }

    private static void Validation(ValidationSpec validation, EvaluationSpec evaluation, SpecFaults faults)
    {
        faults.InRange(validation.Identities, 1, MostHeldBack, "$.validation.identities");
        faults.InRange(validation.Seed, 0, uint.MaxValue, "$.validation.seed");
        faults.Unless(
            evaluation.Protocol != RetrievalProtocol.Atrw,
            "$.evaluation.protocol",
            "must not be atrw with $.validation: of ATRW's training images neither camera nor time is known; use camera-less, or leave $.validation out");
        faults.Unless(
            !evaluation.Protocol.IsAcrossModalities(),
            "$.evaluation.protocol",
            "must not be across modalities with $.validation, whose queries are of every camera; use cross-camera, or leave $.validation out");
        faults.Unless(evaluation.MultiQuery is null, "$.evaluation.multiQuery", "has no effect with $.validation, whose queries have one image each; leave one of them out");
    }

    private static void Model(ModelSpec model, SpecFaults faults)
    {
        faults.InRange(model.LastStride, 1, 2, "$.model.lastStride");
        faults.Unless(
            model is not { Backbone: BackboneName.DenseNet121, LastStride: 1 },
            "$.model.lastStride",
            "must be 2 with backbone 'densenet121', was 1: its resolution is halved by pooling between its blocks, which VKD leaves as it is; leave it out");
        faults.Unless(
            !model.Backbone.IsOsNet() || model.LastStride == 1,
            "$.model.lastStride",
            $"must be 1 with backbone '{NameConverterFactory.NameOf(model.Backbone)}', was {model.LastStride}: no stage of it is strided, and the last keeps its resolution; leave it out");
        faults.Fraction(model.NeckDeviation, "$.model.neckDeviation");
        faults.Unless(model.NeckDeviation == 0 || model.Neck == NeckName.BatchNorm, "$.model.neckDeviation", "has no effect: the model has neck 'none'; leave it out");
        if (model.Local is { } local)
        {
            faults.InRange(local.Channels, 1, LocalBranchSpec.MostChannels, "$.model.local.channels");
        }

        if (model.MultiView is { } views)
        {
            MultiViewRules.Check(model, views, faults);
        }
    }

    private static void Input(InputSpec input, SpecFaults faults)
    {
        foreach (var (side, path) in ((int, string)[])[(input.Height, "$.input.height"), (input.Width, "$.input.width")])
        {
            faults.Unless(
                side is >= SmallestSide and <= LargestSide && side % SideStep == 0,
                path,
                $"must be a multiple of {SideStep} from {SmallestSide} to {LargestSide}, was {side}");
        }

        foreach (var (color, mean, deviation) in ((string, double, double)[])
            [("red", input.Mean.Red, input.Deviation.Red), ("green", input.Mean.Green, input.Deviation.Green), ("blue", input.Mean.Blue, input.Deviation.Blue)])
        {
            faults.InRange(mean, 0, 1, $"$.input.mean.{color}");
            faults.InRange(deviation, SmallestDeviation, LargestDeviation, $"$.input.deviation.{color}");
        }
    }

    private static void Augmentation(TrainSpec spec, SpecFaults faults)
    {
        var augmentation = spec.Augmentation;
        faults.InRange(augmentation.Padding, 0, Math.Max(0, Math.Min(spec.Input.Height, spec.Input.Width) / 2), "$.augmentation.padding");
        faults.InRange(augmentation.FlipProbability, 0, 1, "$.augmentation.flipProbability");
        faults.InRange(augmentation.ErasingProbability, 0, 1, "$.augmentation.erasingProbability");
        faults.InRange(augmentation.CropProbability, 0, 1, "$.augmentation.cropProbability");
        faults.InRange(augmentation.GreyProbability, 0, 1, "$.augmentation.greyProbability");
        faults.Unless(
            augmentation.CropRatio is > 0 and <= 1, "$.augmentation.cropRatio", $"must be greater than 0 and at most 1, was {augmentation.CropRatio}");
        faults.Unless(
            augmentation.CropProbability != 0 || augmentation.CropRatio == 1,
            "$.augmentation.cropRatio",
            "has no effect while cropProbability is 0: set that, or leave this out");
        faults.Unless(
            augmentation.CropProbability == 0 || augmentation.CropRatio != 1,
            "$.augmentation.cropProbability",
            "has no effect with cropRatio 1, which cuts nothing off: set that to less, or leave this out");
        faults.Span(augmentation.ErasingArea, 0, 1, "$.augmentation.erasingArea");
        faults.Span(augmentation.ErasingAspect, 0, 100, "$.augmentation.erasingAspect");
    }

    private static void Batch(TrainSpec spec, SpecFaults faults)
    {
        var images = (long)spec.Sampling.Identities * spec.Sampling.Tracklets * spec.Method.SampledViews;
        var bytes = (Int128)images * spec.Input.Height * spec.Input.Width * 3 * sizeof(float);
        faults.Unless(
            images <= LargestBatch && bytes <= LargestBatchBytes,
            "$.sampling",
            $"makes batches of {spec.Sampling.Identities} identities x {spec.Sampling.Tracklets} tracklets x {spec.Method.SampledViews} views = {images} images"
            + $" ({(double)bytes / (1 << 20):F0} MiB); at most {LargestBatch} images and {LargestBatchBytes >> 20} MiB fit: lower one of them");
        faults.Unless(
            spec.Sampling.Identities != 1 || spec.Sampling.Tracklets != 1,
            "$.sampling",
            "makes batches of one set, of which batch normalization leaves nothing; at least 2 identities or tracklets make a batch");
    }
}
