using System.Security.Cryptography;
using System.Text;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Export;
using ReidCloud.GpuRunner.Insights;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>
/// Writes a network as ONNX, its embedding being the one that its run was measured with, in front of the neck or behind it; checks on images of the data set that ONNX Runtime computes the same from it, and only then leaves it, with its card: `model.onnx`, `model-card.md`. All of
/// that on the CPU, whatever the runner's device is.
/// </summary>
internal sealed class ExportJob(
    ExportSpec spec, DatasetFrames frames, IReadOnlyDictionary<CheckpointRef, Parent> parents, RunContext context, TimeProvider time, Device device)
    : Job(frames, parents, context, time, device)
{
    private const string Model = "model.onnx";
    private const string Card = "model-card.md";

    private readonly Parent _parent = parents[spec.Checkpoint];

    public override JobOutcome Run(Stream? checkpoint)
    {
        using var trained = Load(spec.Checkpoint);
        var input = spec.Input ?? trained.Input!;
        var afterNeck = trained.Head?.Spec.Evaluation.AfterNeck ?? false;
        var file = Path.Combine(Context.Scratch, Model);
        using (var to = File.Create(file))
        {
            OnnxExport.Write(to, trained.Model, input, spec.FoldBatchNorm, afterNeck, Facts(input));
        }

        Context.Stop.ThrowIfCancellationRequested();
        using var runtime = OnnxRuntime.Start(Context.OnnxRuntimeFolder, Context.Scratch);
        using var images_NCHW = Images(input);
        var differences = Of(spec.Checkpoint, () => EmbeddingCheck.Require(file, trained.Model, afterNeck, images_NCHW, runtime, Context.Stop));
        Context.Tell(new RunEvent(Time.GetUtcNow(), RunEventKind.Evaluation)
        {
            Message = $"embeddings in ONNX Runtime {runtime.Version} are those of the network",
            Values = differences.ToDictionary(difference => $"difference/batch-{difference.Batch}", difference => difference.Largest),
        });

        List<string> warnings = [.. Lacking(spec.Checkpoint, trained), .. Mixed(), .. MeasuredOtherwise(trained.Head?.Spec.Evaluation)];
        var card = new ModelCard(spec.Checkpoint, _parent.Sha256, trained, input, spec.FoldBatchNorm, _parent.Report, Frames.Manifest)
            .Write(Hash(file), differences, runtime.Version, warnings);
        Context.SaveFile(Model, to => Copy(file, to));
        Context.SaveFile(Card, to => to.Write(Encoding.UTF8.GetBytes(card)));
        return new JobOutcome([], LineageOf(spec), new ReportInsights(ManifestFacts.Of(Frames.Manifest)))
        {
            Warnings = [.. Warnings([]), .. warnings],
            TrainedOnDatasetHash = trained.Head?.DatasetHash,
        };
    }

    private IEnumerable<string> Mixed() =>
        MixedStatistics("the file has them, and ONNX knows no others; before it embeds, put statistics of the camera it is for into its batch norms", spec.Checkpoint);

    /// <summary>What the run's figures came about with and a file cannot hold.</summary>
    private static IEnumerable<string> MeasuredOtherwise(EvaluationSpec? measured)
    {
        if (measured is { AddMirrored: true })
        {
            yield return "the run was measured with each image's embedding and that of its mirror image added up; the file embeds an image alone: add both to come to the same";
        }

        if (measured is { CameraStatistics: not null })
        {
            yield return "the run was measured with batch-norm statistics of each camera; the file has those that training left, so its embeddings are not the measured ones";
        }
    }

    /// <summary>Evenly from all frames of the data set, some more than once where it has too few.</summary>
    private Tensor Images(InputSpec input)
    {
        using var cache = Frames.Open(input);
        var count = Frames.Manifest.Frames.Count;
        var normalization = new Normalization(input);
        using var images_BVCHW = FrameTensor.Compose(EmbeddingCheck.Images, 1, input, (image, _, frame_CHW) =>
            normalization.Apply(cache.Get((int)((long)image * count / EmbeddingCheck.Images)), frame_CHW));
        return images_BVCHW.flatten(0, 1);
    }

    /// <summary>What the file says of itself to programs.</summary>
    private List<(string Name, string Value)> Facts(InputSpec input) =>
    [
        ("network", spec.Checkpoint.ToString()),
        ("checkpointSha256", _parent.Sha256),
        ("input", Encoding.UTF8.GetString(ReidJson.Write(input))),
        ("mean", FormattableString.Invariant($"{input.Mean.Red},{input.Mean.Green},{input.Mean.Blue}")),
        ("deviation", FormattableString.Invariant($"{input.Deviation.Red},{input.Deviation.Green},{input.Deviation.Blue}")),
        ("card", Card),
    ];

    private static string Hash(string file)
    {
        using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private static void Copy(string file, Stream to)
    {
        using var content = File.OpenRead(file);
        content.CopyTo(to);
    }
}
