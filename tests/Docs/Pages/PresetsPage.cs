using System.Globalization;
using System.Text;
using System.Text.Json;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Docs.Pages;

/// <summary>docs/presets.md: every preset with what it does, and what its authors published.</summary>
internal static class PresetsPage
{
    private const string InFull = "vkd-mars-resnet50-student";

    private const string Head = """
        # Presets

        A preset is a named, complete request: the recipe of a method on a data set. `./reid presets` lists them with their published figures, narrowed by
        `--dataset`, `--backbone` and `--role`; with a name it shows one in full, as the JSON that `./reid submit` takes:

        ```sh
        ./reid presets
        ./reid presets --dataset mars --role student
        ./reid presets vkd-mars-resnet50-student > student.json
        ```

        `./reid submit --preset NAME` asks for it, with `--dataset` on another data set and with `--set path=value` changed in one place. What each member means
        stands in the [reference of requests](spec.md).

        How to read the tables:

        - *batch*: identities × tracklets of each × views of each tracklet. Of a student, how many of its teacher's views it sees follows.
        - *views*: how frames stand for a tracklet, as [ViewSelection](spec.md#viewselection) has it.
        - *epochs*: and at which of them the learning rate falls to a tenth.
        - *starts from*: pushed weights of that name; `--from-scratch` leaves them out.
        - *published*: rank-1 / mAP in percent of the authors, image-to-image (i2i), image-to-video (i2v) and video-to-video (v2v). Their mAP is the trapezoidal one. ~ marks what
          was found in one place only.

        """;

    public static string Text()
    {
        var page = new StringBuilder(Head);
        foreach (var group in Presets.All.GroupBy(preset => preset.Spec.Dataset))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {group.Key}\n\n");
            page.Append("Input ").AppendJoin("; ", group.Select(preset => Common((TrainSpec)preset.Spec)).Distinct()).Append(".\n");
            foreach (var source in group.Select(preset => preset.Source).Distinct())
            {
                page.Append(CultureInfo.InvariantCulture, $"From: {source}.\n");
            }

            page.Append('\n').Append(MarkdownTable.Of(
                ["preset", "backbone", "batch", "views", "epochs", "starts from", "published"],
                group.Select(preset => Row(preset, (TrainSpec)preset.Spec))));
        }

        var spec = JsonSerializer.SerializeToNode(Presets.Named(InFull).Spec, ReidJson.Indented);
        page.Append(CultureInfo.InvariantCulture, $"\n## One in full\n\n`./reid presets {InFull}`. The zeros stand where `--teacher` puts a run:\n\n```json\n{spec}\n```\n");
        return page.ToString();
    }

    private static string Common(TrainSpec spec) => Invariant(
        $"{spec.Input.Height} × {spec.Input.Width}, {NameConverterFactory.NameOf(spec.Input.Fit)}, erasing {spec.Augmentation.ErasingProbability}, Adam at {spec.Optimizer.LearningRate:0e-0}");

    private static string[] Row(Preset preset, TrainSpec spec) =>
    [
        $"`{preset.Name}`",
        NameConverterFactory.NameOf(spec.Model.Backbone),
        $"{spec.Sampling.Identities} × {spec.Sampling.Tracklets} × {spec.Method.SampledViews}{(spec.Method is ViewDistillationSpec { StudentViews: var few } ? $", {few}" : "")}",
        NameConverterFactory.NameOf(spec.Sampling.Views),
        $"{spec.Epochs}{(spec.Schedule is MultiStepSpec steps ? $" ({string.Join(", ", steps.Milestones)})" : "")}",
        string.Join(", ", (string[])
        [
            .. preset.NeedsTeacher ? ["its teacher"] : Array.Empty<string>(),
            .. preset.NeedsStudent ? ["its own first stage"] : Array.Empty<string>(),
            .. spec.InitialWeights is { Weights: { } weights } ? [weights] : Array.Empty<string>(),
        ]),
        string.Join(", ", preset.Published.Select(figure => Invariant(
            $"{Short(figure.Setting)} {Mark(figure.Verified == Verified.Nothing)}{100 * figure.Rank1:F2} / {Mark(figure.Verified != Verified.Both)}{100 * figure.MapTrapezoidal:F2}"))),
    ];

    private static string Mark(bool isUnverified) => isUnverified ? "~" : "";

    private static string Short(RetrievalSetting setting) => setting switch
    {
        RetrievalSetting.ImageToImage => "i2i",
        RetrievalSetting.ImageToVideo => "i2v",
        RetrievalSetting.VideoToImage => "v2i",
        RetrievalSetting.VideoToVideo => "v2v",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
