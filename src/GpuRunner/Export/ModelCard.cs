using System.Globalization;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Export;

/// <summary>
/// What whoever uses an exported network must know (model cards: Mitchell et al. 2019), in Markdown: what goes in and comes out, how good it is and how sure that is, where it comes
/// from, what its data's terms are, where not to trust it. Without time and place: the same export has the same card.
/// </summary>
/// <param name="network">Names the weights.</param>
/// <param name="report">How they were measured, where they are a run's.</param>
/// <param name="dataset">What the export was checked on.</param>
internal sealed class ModelCard(CheckpointRef network, string checkpointSha256, TrainedModel trained, InputSpec input, bool folded, MetricReport? report, DatasetManifest dataset)
{
    private readonly List<string> _lines = [];

    private TrainSpec? Training => trained.Head?.Spec;

    private string Backbone => NameConverterFactory.NameOf(trained.Model.Spec.Backbone);

    /// <param name="runtime">The version of ONNX Runtime.</param>
    public string Write(string modelSha256, IReadOnlyList<EmbeddingDifference> differences, string runtime, IReadOnlyList<string> warnings)
    {
        _lines.Clear();
        Add($"# Model card: {Backbone} of {network}");
        Intent();
        Interface();
        Python();
        Measured();
        Checked(differences, runtime);
        Lineage(modelSha256);
        Terms();
        Limits(warnings);
        return string.Join('\n', _lines) + "\n";
    }

    private void Intent()
    {
        Add("", "## What it is", "");
        Add($"A network for re-identification: from the picture of one being, cropped to it, to an embedding of {trained.Model.FeatureDim} numbers. Pictures of the same being have embeddings near each other. "
            + "It does not find beings in a picture, and names nobody: it ranks a gallery by likeness to a query.");
        Add("", Training is { } training
            ? $"It was trained by the method `{SpecKinds.NameOf(training.Method)}` on {trained.Head!.Identities.Count} identities of data set `{training.Dataset}`, {training.Epochs} epochs."
            : "It was pushed from elsewhere: nothing is known here of its training.");
    }

    private void Interface()
    {
        var fit = input.Fit == ResizeFit.Squash ? "without regard to the aspect ratio" : "with its aspect ratio kept, centered on black";
        Add("", "## What goes in and comes out", "");
        Add($"`images`, float32 [n, 3, {input.Height}, {input.Width}], any n: each an RGB picture, resized to {input.Height} rows of {input.Width} pixels {fit} {By()}; "
            + $"divided by 255; less the mean {Channels(input.Mean)}; by the deviation {Channels(input.Deviation)}.");
        Add("", $"`embedding`, float32 [n, {trained.Model.FeatureDim}], of any length{(Training is { Evaluation.AfterNeck: true } ? ", taken behind the neck" : "")}; compare them by the cosine distance. Several pictures of a being, such as frames of a tracklet, are the mean of their embeddings.");
        if (trained.Model.Spec.Local is not null)
        {
            Add("", "The network's local branch is not in the file: figures below of `local` and `combined` distances are not those of this embedding.");
        }

        Add("", $"ONNX, opset {Onnx.OnnxModel.Opset}; batch norms are {(folded ? "part of the weights before them where there are such" : "operators of their own")}.");
    }

    private void Python()
    {
        Add("", "## In Python", "", "```python", input.Filter == ResizeFilter.OpenCvBilinear ? "import cv2, numpy, onnxruntime" : "import numpy, onnxruntime", "from PIL import Image", "", "session = onnxruntime.InferenceSession(\"model.onnx\")", "", "def read(path):");
        Add("    image = Image.open(path).convert(\"RGB\")");
        if (input.Fit == ResizeFit.Squash)
        {
            Add($"    image = {Resized($"({input.Width}, {input.Height})")}");
        }
        else
        {
            Add($"    ratio = min({input.Width} / image.width, {input.Height} / image.height)");
            Add("    width, height = max(int(image.width * ratio), 1), max(int(image.height * ratio), 1)");
            Add($"    frame = Image.new(\"RGB\", ({input.Width}, {input.Height}))");
            Add($"    frame.paste({Resized("(width, height)")}, (({input.Width} - width + 1) // 2, ({input.Height} - height + 1) // 2))");
            Add("    image = frame");
        }

        Add("    pixels = numpy.asarray(image, dtype=numpy.float32) / 255");
        Add($"    pixels = (pixels - numpy.float32({Channels(input.Mean)})) / numpy.float32({Channels(input.Deviation)})");
        Add("    return pixels.transpose(2, 0, 1)", "", "images = numpy.stack([read(\"one.jpg\"), read(\"other.jpg\")])", "[embedding] = session.run([\"embedding\"], {\"images\": images})");
        Add("embedding /= numpy.linalg.norm(embedding, axis=1, keepdims=True)", "print(\"distance:\", 1 - embedding[0] @ embedding[1])", "```");
    }

    private void Measured()
    {
        Add("", "## How good it is", "");
        if (report is null or { Settings: [] })
        {
            Add("Its weights come without a measurement. `reid evaluate` makes one.");
            return;
        }

        Add($"On data set `{report.Spec.Dataset}`, in percent, with 95 % intervals (bootstrap over queries) where they are known:", "");
        Add("| search | queries | gallery | mAP (standard) | mAP (trapezoidal) | rank-1 | rank-5 | mINP |", "|---|---|---|---|---|---|---|---|");
        foreach (var setting in report.Settings)
        {
            var sure = setting.Intervals;
            Add($"| {RetrievalTitle.Of(setting)} | {setting.QueriesWithMatch} | {setting.Gallery} | {Percent(setting.MapStandard, sure?.MapStandard)} | "
                + $"{Percent(setting.MapTrapezoidal, sure?.MapTrapezoidal)} | {Percent(setting.Rank1, sure?.Rank1)} | {Percent(setting.Rank5, sure?.Rank5)} | {Percent(setting.Minp, sure?.Minp)} |");
        }
    }

    private void Checked(IReadOnlyList<EmbeddingDifference> differences, string runtime)
    {
        Add("", "## How the export was checked", "");
        Add($"{EmbeddingCheck.Images} pictures of data set `{dataset.Name}` were embedded by ONNX Runtime {runtime} from `model.onnx` and by ReidCloud from the weights, both on the CPU. As vectors of length 1 no "
            + $"number may differ by more than {Small(EmbeddingCheck.Tolerance)}. The largest differences:", "");
        Add("| pictures at a time | largest difference |", "|---|---|");
        foreach (var difference in differences)
        {
            Add($"| {difference.Batch} | {Small(difference.Largest)} |");
        }
    }

    private void Lineage(string modelSha256)
    {
        Add("", "## Where it comes from", "");
        Add($"- weights: {network}, SHA-256 `{checkpointSha256}`", $"- `model.onnx`: SHA-256 `{modelSha256}`");
        if (trained.Head is { } head)
        {
            Add($"- trained on: data set `{head.Spec.Dataset}`, content `{head.DatasetHash}`");
        }

        foreach (var parent in report?.Lineage.Parents ?? [])
        {
            Add($"- {parent.Role}: {parent.Checkpoint}, SHA-256 `{parent.CheckpointSha256}`");
        }

        if (report is not null)
        {
            Add($"- trained with: ReidCloud {report.Lineage.ProductVersion}, {report.Lineage.TorchVersion}, {report.Lineage.Device}");
        }

        Add($"- exported with: ReidCloud {ProductVersion.Current}");
    }

    private void Terms()
    {
        Add("", "## Terms", "");
        Add(trained.Head?.DatasetHash == dataset.Hash
            ? TermsOfUse.Of(dataset.Layout)
            : "It was not trained on the data set it was checked on. The terms of the data that it was trained on are not known here: whoever trained it has to say what they allow.");
        if (Training is null or { InitialWeights: not null })
        {
            Add("", $"{(Training is null ? "Such networks mostly start" : $"It started from {Training.InitialWeights}; backbones mostly start")} from weights that were trained on ImageNet. {TermsOfUse.ImageNet}");
        }
    }

    private void Limits(IReadOnlyList<string> warnings)
    {
        Add("", "## Where not to trust it", "");
        Add("- The figures are those of the data set named there. On other cameras, seasons, clothes, crops and populations they are lower, often by far: measure it there first.");
        Add("- It learned from the identities of one data set. Whom that has few of, by age, skin, clothing, body or aids to walk, it is likely to tell apart less well; ReidCloud does not measure that.");
        Add("- A small distance is no proof of identity. Do not let it decide about people; whether it may be used on them at all is a matter of law where you are.");
        foreach (var warning in warnings)
        {
            Add($"- {Plain(warning)}");
        }
    }

    private void Add(params IEnumerable<string> lines) => _lines.AddRange(lines);

    private string By() => input.Filter switch
    {
        ResizeFilter.Bilinear => "by Pillow's bilinear filter",
        ResizeFilter.Bicubic => "by Pillow's bicubic filter",
        ResizeFilter.Lanczos => "by Pillow's Lanczos filter",
        ResizeFilter.OpenCvBilinear => "by OpenCV's INTER_LINEAR",
    };

    /// <summary>In Python, `image` in another size.</summary>
    private string Resized(string size) => input.Filter switch
    {
        ResizeFilter.Bilinear => $"image.resize({size}, Image.BILINEAR)",
        ResizeFilter.Bicubic => $"image.resize({size}, Image.BICUBIC)",
        ResizeFilter.Lanczos => $"image.resize({size}, Image.LANCZOS)",
        ResizeFilter.OpenCvBilinear => $"Image.fromarray(cv2.resize(numpy.asarray(image), {size}, interpolation=cv2.INTER_LINEAR))",
    };

    private static string Channels(Rgb values) => FormattableString.Invariant($"[{values.Red}, {values.Green}, {values.Blue}]");

    private static string Percent(double value, Interval? sure) => FormattableString.Invariant(sure is null ? $"{100 * value:F1}" : (FormattableString)$"{100 * value:F1} ({100 * sure.Low:F1} – {100 * sure.High:F1})");

    private static string Small(double value) => value.ToString("0.0e+0", CultureInfo.InvariantCulture);

    /// <summary>Text that others wrote, without its meaning as Markdown or HTML.</summary>
    private static string Plain(string text) => string.Concat(ForeignText.Shown(text).Select(character => @"\`*_{}[]<>#+!|&".Contains(character) ? $"\\{character}" : $"{character}"));
}
