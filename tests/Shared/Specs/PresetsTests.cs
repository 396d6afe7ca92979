using System.Globalization;
using System.Text.Json;
using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Specs;

public sealed class PresetsTests
{
    private static readonly CheckpointRef Run = new("0123456789abcdef0123");

    /// <summary>Read in full by people, one of each sort; <see cref="Are_an_approved_table"/> has all.</summary>
    private static readonly string[] Read =
    [
        "vkd-mars-resnet50-teacher", "vkd-mars-resnet50-student", "vkd-duke-video-reid-resnet50-teacher", "vkd-duke-video-reid-resnet50-student",
        "vkd-veri-776-resnet50-teacher", "vkd-veri-776-resnet50-student", "vkd-atrw-resnet50-teacher", "vkd-atrw-resnet50-student",
        "vkd-mars-resnet101-to-resnet34", "aligned-market1501-local-mutual", "aligned-combined-all-mutual", "strong-baseline-market1501-resnet50", "cbn-msmt17", "cbn-bot-market1501",
        "mvd-paper-sysu-mm01", "mvd-pytorch-sysu-mm01", "mvd-mindspore-regdb", "demo-mvd", "demo-two-stream",
        "demo-teacher", "demo-student", "demo-aligned", "demo-aligned-mutual", "demo-camera-batch-norm", "debug-teacher", "debug-student",
    ];

    public static TheoryData<string> Names => [.. Presets.All.Select(preset => preset.Name)];

    public static TheoryData<string> InFull => [.. Read];

    [Theory]
    [MemberData(nameof(Names))]
    public void Are_valid_as_they_stand_and_survive_the_wire(string name)
    {
        var preset = Presets.Named(name);

        Assert.Empty(SpecRules.Check(preset.Spec));
        Assert.Equal(ReidJson.Canonical(preset.Spec), ReidJson.Canonical(ReidJson.Read<RunSpec>(ReidJson.Canonical(preset.Spec))));
        Assert.Empty(SpecRules.Check((TrainSpec)preset.Spec with { InitialWeights = null }));
    }

    [Theory]
    [MemberData(nameof(InFull))]
    public void Have_an_approved_wire_form(string name)
    {
        using var canonical = JsonDocument.Parse(ReidJson.Canonical(Presets.Named(name).Spec));

        Approved.Matches($"preset.{name}", JsonSerializer.Serialize(canonical, ReidJson.Indented));
    }

    /// <summary>Held against the spec of VKD: §3.1 input and erasing, §3.3 batches, §5 and §6 training, §7.2 evaluation, §11.3 recipes, §13 figures.</summary>
    [Fact]
    public void Are_an_approved_table()
    {
        string[] columns =
            ["name", "backbone", "PxKxN>M", "views", "input", "erasing", "adam", "epochs", "schedule", "losses", "settings", "initial weights", "rank-1/mAP (~ unverified)"];
        IReadOnlyList<string[]> rows = [columns, .. Presets.All.Select(preset => Row(preset, (TrainSpec)preset.Spec))];
        int[] widths = [.. columns.Select((_, column) => rows.Max(row => row[column].Length))];

        Approved.Matches("presets", string.Join('\n', rows.Select(row => string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd())));
    }

    [Fact]
    public void Have_names_of_their_own() => Assert.Distinct(Presets.All.Select(preset => preset.Name));

    [Fact]
    public void Are_for_every_backbone_on_every_data_set_of_the_paper_and_for_five_pairs()
    {
        foreach (var dataset in (string[])["mars", "duke-video-reid", "veri-776", "atrw"])
        {
            Assert.NotNull(LayoutRegistry.Named(dataset));
            foreach (var backbone in (string[])["resnet18", "resnet34", "resnet50", "resnet101", "resnet50bam", "resnet101bam", "densenet121", "mobilenet"])
            {
                Assert.Equal(dataset, Presets.Named($"vkd-{dataset}-{backbone}-teacher").Spec.Dataset);
                Assert.Equal(dataset, Presets.Named($"vkd-{dataset}-{backbone}-student").Spec.Dataset);
            }

            Assert.Equal(dataset == "atrw" ? 0 : 5, Presets.All.Count(preset => preset.Spec.Dataset == dataset && preset.NeedsStudent));
        }
    }

    /// <summary>Whoever submits a preset before its weights are pushed is told which file to push.</summary>
    [Fact]
    public void Start_from_names_of_which_the_remedy_knows_the_file() => Assert.All(
        Presets.All.Select(preset => ((TrainSpec)preset.Spec).InitialWeights?.Weights).OfType<string>(),
        name => Assert.Matches("fetch (torchvision|IBN-Net|torchreid)'s [a-z0-9_]+(-[0-9a-f]{8})?.pth, then: reid weights push", ImageNetWeights.Remedy(name)));

    [Fact]
    public void Come_with_what_the_authors_published_and_how_sure_that_is()
    {
        var student = Presets.Named("vkd-mars-resnet50-student");

        Assert.Contains(new PublishedFigure(RetrievalSetting.ImageToVideo, 0.8389, Verified.Both) { MapTrapezoidal = 0.7727 }, student.Published);
        Assert.Contains(new PublishedFigure(RetrievalSetting.VideoToVideo, 0.8874, Verified.Both) { MapTrapezoidal = 0.8222 }, student.Published);
        Assert.All(Presets.All.Where(preset => preset.Spec.Dataset == "mars").SelectMany(preset => preset.Published), figure => Assert.Equal(Verified.Both, figure.Verified));
        Assert.Equal(
            ["vkd-duke-video-reid-resnet50-student 0.8561", "vkd-veri-776-resnet50-student 0.9517"],
            Presets.All.Where(preset => preset.Name.StartsWith("vkd-", StringComparison.Ordinal)).SelectMany(preset => preset.Published.Where(figure => figure.Verified == Verified.Rank1), (preset, figure) =>
                string.Create(CultureInfo.InvariantCulture, $"{preset.Name} {figure.Rank1}")));
        Assert.All(Presets.All.Where(preset => preset.Name.StartsWith("vkd-")).Where(preset => preset.Name.Contains("resnet18") || preset.Name.Contains("resnet101bam")), preset => Assert.Empty(preset.Published));
    }

    /// <summary>Its spec §8.1, §8.2: what leaderboards quote, too, is verified; its authors recommend means of ten runs.</summary>
    [Fact]
    public void Of_camera_batch_norm_come_with_their_own_test_and_direct_transfer()
    {
        var duke = Presets.Named("cbn-dukemtmc-reid");

        Assert.Equal([null, "market1501", "msmt17"], duke.Published.Select(figure => figure.Dataset));
        Assert.Equal([(0.825, 0.673), (0.727, 0.43), (0.354, 0.13)], duke.Published.Select(figure => (figure.Rank1, figure.Map)));
        Assert.Equal([(false, true), (true, false), (false, false)], duke.Published.Select(figure => (figure.IsRank1Verified, figure.IsMapVerified)));
        Assert.Equal(["cbn-market1501", "cbn-dukemtmc-reid", "cbn-msmt17", "cbn-bot-market1501", "cbn-bot-dukemtmc-reid"], Presets.All.Where(preset => preset.RecommendedRuns == 10).Select(preset => preset.Name));
        Assert.All(Presets.All.Where(preset => preset.RecommendedRuns == 10), preset => Assert.NotNull(LayoutRegistry.Named(preset.Spec.Dataset)));
    }

    /// <summary>Spec of AlignedReID §13.1 has 22 rows, §13.2 14 for each of three test sets.</summary>
    [Fact]
    public void Of_AlignedReID_come_with_every_published_row_as_it_is_and_re_ranked()
    {
        Assert.Equal(22, Rows("market1501").Count);
        Assert.Equal(3 * 14, Rows("combined").Count);
        Assert.All([.. Rows("market1501"), .. Rows("combined")], row => Assert.Equal([false, true], row.Select(figure => figure.Variant is { ReRanked: true })));
        Assert.Empty(Presets.Named("aligned-cuhk03-global").Published);
        Assert.Contains(
            new PublishedFigure(RetrievalSetting.ImageToImage, 0.7036, Verified.Both)
            {
                MapTrapezoidal = 0.7105, Variant = new RetrievalVariant { Distance = RetrievalDistance.Local, ReRanked = true }, Peer = 2, Dataset = "cuhk03",
            },
            Presets.Named("aligned-combined-all-mutual").Published);

        static List<IGrouping<object, PublishedFigure>> Rows(string dataset) =>
        [
            .. Presets.All.Where(preset => preset.Name.StartsWith($"aligned-{dataset}-", StringComparison.Ordinal))
                .SelectMany(preset => preset.Published.GroupBy(figure => (object)(figure.Dataset, figure.Peer, figure.Variant?.Distance ?? RetrievalDistance.Global))),
        ];
    }

    /// <summary>The same recipe gives the network more, not less, in every comparison that was published.</summary>
    [Fact]
    public void Of_AlignedReID_re_ranking_always_helps_and_measures_what_the_network_has()
    {
        foreach (var preset in Presets.All.Where(preset => preset.Name.StartsWith("aligned-", StringComparison.Ordinal)))
        {
            var spec = (TrainSpec)preset.Spec;
            Assert.Equal(spec.Model.Local is not null, spec.Evaluation.Distances.Contains(RetrievalDistance.Local));
            Assert.Equal(spec.Method is MutualLearningSpec, spec.Sampling.KeepLastBatch);
            Assert.All(preset.Published, figure => Assert.Contains(figure.Variant?.Distance ?? RetrievalDistance.Global, spec.Evaluation.Distances));
            Assert.All(
                preset.Published.GroupBy(figure => (figure.Dataset, figure.Peer, figure.Variant?.Distance)).Where(same => same.Count() == 2),
                same => Assert.True(same.Last().Map > same.First().Map && same.Last().Rank1 > same.First().Rank1, $"{preset.Name} {same.Key}"));
        }
    }

    [Fact]
    public void Of_the_bag_of_tricks_come_with_the_standard_mean_average_precision()
    {
        Assert.All(Presets.All.Where(preset => preset.Name.StartsWith("strong-baseline-", StringComparison.Ordinal)).SelectMany(preset => preset.Published), figure => Assert.Null(figure.MapTrapezoidal));
        Assert.Contains(
            new PublishedFigure(RetrievalSetting.ImageToImage, 0.945, Verified.Both) { MapStandard = 0.859 }, Presets.Named("strong-baseline-market1501-resnet50").Published);
    }

    /// <summary>Spec of MVD §14: the article and the PyTorch program have the same, MindSpore's are of one gallery and of one split.</summary>
    [Fact]
    public void Of_MVD_come_with_both_searches_and_both_directions()
    {
        var indoor = new RetrievalVariant { Gallery = new DrawnGallery(GallerySearch.IndoorSearch, 1) };

        Assert.Contains(new PublishedFigure(RetrievalSetting.ImageToImage, 0.6605, Verified.Nothing) { MapStandard = 0.7298, Variant = indoor }, Presets.Named("mvd-paper-sysu-mm01").Published);
        Assert.Equal(Presets.Named("mvd-paper-regdb").Published, Presets.Named("mvd-pytorch-regdb").Published);
        Assert.Contains(
            new PublishedFigure(RetrievalSetting.ImageToImage, 0.765, Verified.Nothing) { MapStandard = 0.7137, Variant = new RetrievalVariant { Reversed = true } }, Presets.Named("mvd-mindspore-regdb").Published);
        Assert.Empty(Presets.Named("mv2d-sysu-mm01").Published);
        Assert.Empty(SpecRules.Check(Presets.Named("demo-mvd-mindspore").Spec));
    }

    [Fact]
    public void Students_distil_better_than_their_teachers_where_images_are_searched_for() => Assert.All(
        Presets.All.Where(preset => preset.Name.EndsWith("-student", StringComparison.Ordinal)),
        student =>
        {
            var teacher = Presets.Named(student.Name.Replace("-student", "-teacher", StringComparison.Ordinal));
            Assert.Equal(teacher.Published.Select(figure => figure.Setting), student.Published.Select(figure => figure.Setting));
            Assert.All(
                teacher.Published.Zip(student.Published).Where(pair => pair.First.Setting != RetrievalSetting.VideoToVideo),
                pair => Assert.True(pair.Second.MapTrapezoidal > pair.First.MapTrapezoidal, student.Name));
        });

    [Fact]
    public void Take_another_data_set_and_the_teacher_that_they_need()
    {
        var spec = (TrainSpec)Presets.Named("demo-student").For("demo-7", Run);

        Assert.Equal("demo-7", spec.Dataset);
        Assert.Equal(Run, ((ViewDistillationSpec)spec.Method).Teacher);
        Assert.Equal("mars", Presets.Named("vkd-mars-resnet50-teacher").For().Dataset);
    }

    [Fact]
    public void Of_two_backbones_take_a_teacher_and_what_the_student_starts_from_runs_or_pushed()
    {
        var pair = Presets.Named("vkd-veri-776-resnet101-to-resnet34");
        var method = (ViewDistillationSpec)((TrainSpec)pair.For(teacher: CheckpointRef.Pushed("base"), student: Run)).Method;

        Assert.Equal((CheckpointRef.Pushed("base"), Run), (method.Teacher, method.Student));
        Assert.Equal("$.method.student.run", Assert.Single(Assert.Throws<SpecException>(() => pair.For(teacher: Run)).Errors).Path);
        Assert.Equal("$.method.teacher.run", Assert.Single(Assert.Throws<SpecException>(() => pair.For(student: Run)).Errors).Path);
    }

    [Fact]
    public void That_distil_take_a_student_of_its_own_where_the_teacher_has_another_backbone()
    {
        var preset = Presets.Named("vkd-mars-resnet18-student");
        var spec = (TrainSpec)preset.For(teacher: CheckpointRef.Pushed("deep"), student: Run);

        Assert.Equal((CheckpointRef.Pushed("deep"), Run), (((ViewDistillationSpec)spec.Method).Teacher, ((ViewDistillationSpec)spec.Method).Student));
        Assert.Empty(SpecRules.Check(spec));
        Assert.Null(((ViewDistillationSpec)((TrainSpec)preset.For(teacher: Run)).Method).Student);
    }

    [Fact]
    public void Of_mutual_learning_take_a_network_that_was_trained_alone()
    {
        var spec = (TrainSpec)Presets.Named("aligned-market1501-global-mutual").For(alone: Run);

        Assert.Equal(Run, ((MutualLearningSpec)spec.Method).Alone);
        Assert.Empty(SpecRules.Check(spec));
        Assert.Equal("$.method.alone.run", Assert.Single(Assert.Throws<SpecException>(() => Presets.Named("aligned-market1501-global").For(alone: Run)).Errors).Path);
    }

    [Fact]
    public void Say_when_a_teacher_is_missing_or_has_no_place()
    {
        Assert.Throws<SpecException>(() => Presets.Named("demo-student").For("demo"));
        Assert.Throws<SpecException>(() => Presets.Named("demo-teacher").For("demo", Run));
        Assert.Throws<SpecException>(() => Presets.Named("vkd-mars-resnet50-teacher").For(student: Run));
    }

    [Fact]
    public void List_their_names_where_one_is_unknown()
    {
        var refusal = Assert.Throws<SpecException>(() => Presets.Named("demo-techer"));

        Assert.Contains("did you mean 'demo-teacher'?", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("vkd-mars-resnet50-student", refusal.Message, StringComparison.Ordinal);
    }

    private static string[] Row(Preset preset, TrainSpec spec)
    {
        var (input, erasing, evaluation) = (spec.Input, spec.Augmentation.ErasingAspect, spec.Evaluation);
        return
        [
            preset.Name,
            NameConverterFactory.NameOf(spec.Model.Backbone),
            $"{spec.Sampling.Identities}x{spec.Sampling.Tracklets}x{spec.Method.SampledViews}{(spec.Method switch { ViewDistillationSpec { StudentViews: var few } => $">{few}", MutualLearningSpec { Peers: var peers } => $" {peers} peers", _ => "" })}{(spec.CameraBatchNorm is null ? "" : " by camera")}",
            NameConverterFactory.NameOf(spec.Sampling.Views),
            $"{input.Height}x{input.Width} {NameConverterFactory.NameOf(input.Filter)} {NameConverterFactory.NameOf(input.Fit)}",
            Text($"{spec.Augmentation.ErasingProbability} {erasing.Min}-{erasing.Max}"),
            Text($"{(spec.Optimizer is SgdSpec ? "sgd " : "")}{spec.Optimizer.LearningRate:0.#e-0} {spec.Optimizer.WeightDecay:0e-0}"),
            $"{spec.Epochs}",
            $"{(spec.Schedule switch { MultiStepSpec steps => string.Join(',', steps.Milestones), ExponentialSpec falling => $"exp {falling.StartEpoch}", _ => "" })}{(spec.Schedule.Warmup is { } warmup ? $" warm-up {warmup.Epochs}" : "")}",
            string.Join(" + ", spec.Method.Losses.Select(SpecKinds.NameOf)),
            string.Join(' ', (string[])
            [
                string.Join(',', evaluation.Settings.Select(Short)),
                $"{evaluation.Frames}",
                .. evaluation.Protocol is RetrievalProtocol.Atrw or RetrievalProtocol.SysuMm01 or RetrievalProtocol.CrossModality ? [NameConverterFactory.NameOf(evaluation.Protocol)] : Array.Empty<string>(),
                .. evaluation.GalleryIncludesQueries ? ["+queries"] : Array.Empty<string>(),
                .. evaluation.GalleryImages == GalleryImages.EveryFrame ? ["every-frame"] : Array.Empty<string>(),
                .. evaluation.Metric == DistanceMetric.Euclidean ? ["euclidean"] : Array.Empty<string>(),
                .. evaluation.NormalizeFeatures ? ["normalized"] : Array.Empty<string>(),
                .. evaluation.AfterNeck ? ["after-neck"] : Array.Empty<string>(),
                .. evaluation.AddMirrored ? ["+mirrored"] : Array.Empty<string>(),
                .. evaluation.CameraStatistics is { } gathered ? [$"by-camera {gathered.Batches}x{gathered.BatchSize}"] : Array.Empty<string>(),
                .. evaluation.Distances.Count > 1 ? [string.Join(',', evaluation.Distances.Select(NameConverterFactory.NameOf))] : Array.Empty<string>(),
                .. evaluation.ReRanking is not null ? ["re-ranked"] : Array.Empty<string>(),
            ]),
            spec.InitialWeights?.Weights ?? "",
            string.Join(' ', preset.Published.Select(figure => Text(
                $"{Test(figure)} {(figure.IsRank1Verified ? "" : "~")}{100 * figure.Rank1:F2}/{(figure.IsMapVerified ? "" : "~")}{100 * figure.Map:F2}{(figure.MapStandard is null ? "" : " standard")}"))),
        ];
    }

    private static string Test(PublishedFigure figure) => string.Join(
        ',',
        (string[])
        [
            .. figure.Dataset is { } dataset ? [dataset] : Array.Empty<string>(),
            .. figure.Peer is { } peer ? [$"M{peer}"] : Array.Empty<string>(),
            Short(figure.Setting) + figure.Name[NameConverterFactory.NameOf(figure.Setting).Length..],
        ]);

    private static string Short(RetrievalSetting setting) => setting switch
    {
        RetrievalSetting.ImageToImage => "i2i",
        RetrievalSetting.ImageToVideo => "i2v",
        RetrievalSetting.VideoToImage => "v2i",
        _ => "v2v",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
