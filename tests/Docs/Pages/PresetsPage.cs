using System.Globalization;
using System.Text;
using System.Text.Json;
using ReidCloud.Reports;
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

        - *batch*: identities × tracklets of each × views of each tracklet. Of a student, how many of its teacher's views it sees follows; of mutual learning, how many networks learn from each other.
        - *views*: how frames stand for a tracklet, as [ViewSelection](spec.md#viewselection) has it.
        - *epochs*: and at which of them the learning rate falls to a tenth, or from which of them on it falls exponentially to a thousandth (exp).
        - *starts from*: pushed weights of that name; `--from-scratch` leaves them out.
        - *published*: rank-1 / mAP in percent of the authors, image-to-image (i2i), image-to-video (i2v) and video-to-video (v2v). Their mAP is what reports call `mapTrapezoidal`, or `mapStandard` where
          marked \*: a network has a higher standard than trapezoidal mAP, so neither says anything about the other. ~ marks what was found in one place only. Where a recipe was measured in several
          ways, a table of its own follows.

        What a published figure can be held against, and where the traps are, is in [mutual learning](mutual.md#the-published-numbers).

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

            foreach (var repeated in group.Where(preset => preset.RecommendedRuns > 1).GroupBy(preset => preset.RecommendedRuns))
            {
                page.Append(CultureInfo.InvariantCulture, $"Of {string.Join(" and ", repeated.Select(preset => $"`{preset.Name}`"))} the authors recommend means of {repeated.Key} runs: `./reid submit --preset {repeated.First().Name} --seeds 1..{repeated.Key}`, then `./reid compare`.\n");
            }

            page.Append('\n').Append(MarkdownTable.Of(
                ["preset", "backbone", "batch", "views", "epochs", "starts from", "published"],
                group.Select(preset => Row(preset, (TrainSpec)preset.Spec))));
            if (group.Any(IsMeasuredInManyWays))
            {
                page.Append(CultureInfo.InvariantCulture, $"\nPublished of {group.Key}, image-to-image, rank-1 / mAP in percent:\n\n").Append(MarkdownTable.Of(
                    ["preset", "tested on", "peer", "distance", "as it is", "re-ranked"],
                    group.Where(IsMeasuredInManyWays).SelectMany(preset => preset.Published
                        .GroupBy(figure => (figure.Dataset, figure.Peer, Measured: RetrievalVariant.NameOf(figure.Variant is null ? null : figure.Variant with { ReRanked = false })))
                        .Select(same => (string[])
                        [
                            $"`{preset.Name}`",
                            same.Key.Dataset ?? preset.Spec.Dataset,
                            $"{same.Key.Peer}",
                            same.Key.Measured is "" ? NameConverterFactory.NameOf(RetrievalDistance.Global) : same.Key.Measured,
                            .. new[] { false, true }.Select(reRanked => same.Where(figure => figure.Variant is { ReRanked: true } == reRanked).Select(Figure).SingleOrDefault() ?? ""),
                        ]))));
            }
        }

        var spec = JsonSerializer.SerializeToNode(Presets.Named(InFull).Spec, ReidJson.Indented);
        page.Append(CultureInfo.InvariantCulture, $"\n## One in full\n\n`./reid presets {InFull}`. The zeros stand where `--teacher` puts a run:\n\n```json\n{spec}\n```\n");
        return page.ToString();
    }

    private static string Common(TrainSpec spec) => Invariant(
        $"{spec.Input.Height} × {spec.Input.Width}, {NameConverterFactory.NameOf(spec.Input.Fit)}, erasing {spec.Augmentation.ErasingProbability}, {(spec.Optimizer is SgdSpec ? "SGD" : "Adam")} at {spec.Optimizer.LearningRate:0.#e-0}{(spec.CameraBatchNorm is null ? "" : ", camera by camera")}");

    private static string[] Row(Preset preset, TrainSpec spec) =>
    [
        $"`{preset.Name}`",
        NameConverterFactory.NameOf(spec.Model.Backbone),
        $"{spec.Sampling.Identities} × {spec.Sampling.Tracklets} × {spec.Method.SampledViews}{(spec.Method switch { ViewDistillationSpec { StudentViews: var few } => $", {few}", MutualLearningSpec { Peers: var peers } => $", {peers} networks", _ => "" })}",
        NameConverterFactory.NameOf(spec.Sampling.Views),
        $"{spec.Epochs}{(spec.Schedule switch { MultiStepSpec steps => $" ({string.Join(", ", steps.Milestones)})", ExponentialSpec falling => $" (exp {falling.StartEpoch})", _ => "" })}",
        string.Join(", ", (string[])
        [
            .. preset.NeedsTeacher ? ["its teacher"] : Array.Empty<string>(),
            .. preset.NeedsStudent ? ["its own first stage"] : Array.Empty<string>(),
            .. spec.InitialWeights is { Weights: { } weights } ? [weights] : Array.Empty<string>(),
        ]),
        IsMeasuredInManyWays(preset) ? "below" : string.Join(", ", preset.Published.Select(figure => $"{Short(figure.Setting)} {(figure.Dataset is { } tested ? $"on {tested} " : "")}{Figure(figure)}")),
    ];

    private static bool IsMeasuredInManyWays(Preset preset) => preset.Published.Any(figure => figure.Variant is not null);

    private static string Figure(PublishedFigure figure) => Invariant(
        $"{Mark(!figure.IsRank1Verified)}{100 * figure.Rank1:F2} / {Mark(!figure.IsMapVerified)}{100 * figure.Map:F2}{(figure.MapStandard is null ? "" : "\\*")}");

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
