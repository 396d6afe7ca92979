using System.Security.Cryptography;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Evaluation;
using ReidCloud.Tests.GpuRunner.Training;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Jobs;

public sealed class EvaluateJobTests : TorchTests
{
    private static readonly byte[] Zip = TinyDataset.Zip();
    private static readonly CheckpointRef First = new("00000000000000000001");
    private static readonly CheckpointRef Second = new("00000000000000000002");
    private static readonly IReadOnlyList<RetrievalSetting> All = Enum.GetValues<RetrievalSetting>();
    private static readonly EvaluateSpec Plain = new("tiny", First) { Evaluation = new EvaluationSpec { Settings = All, Frames = 3 } };

    private readonly string _folder = Directory.CreateTempSubdirectory("reid-evaluate-").FullName;
    private readonly Dictionary<CheckpointRef, Parent> _parents = [];

    public EvaluateJobTests()
    {
        Make(First, 1, TinySpecs.Teacher.Input);
        Make(Second, 2, new InputSpec(64, 32));
    }

    [Fact]
    public void A_second_model_is_measured_as_if_it_were_alone_with_its_own_input()
    {
        var extras = Plain with { GalleryFrames = [1, 4], CameraBias = true };

        var both = Do(extras with { Against = Second }).Outcome;
        var first = Do(extras).Outcome;
        var second = Do(extras with { Checkpoint = Second }).Outcome;

        Assert.Equal(Json(first.Settings), Json(both.Settings));
        Assert.Equal(Json(first.GalleryCurve), Json(both.GalleryCurve));
        Assert.Equal(first.CameraBias, both.CameraBias);
        Assert.Equal(Second, both.Against!.Checkpoint);
        Assert.Equal(Json(second.Settings), Json(both.Against.Settings));
        Assert.Equal(Json(second.GalleryCurve), Json(both.Against.GalleryCurve));
        Assert.Equal(second.CameraBias, both.Against.CameraBias);
        Assert.NotEqual(Json(first.Settings), Json(second.Settings));
        Assert.Equal(["checkpoint", "against"], both.Parents.Select(parent => parent.Role));
        Assert.Equal(All, both.Settings.Select(figures => figures.Setting));
        Assert.Equal(2, both.CameraBias!.Cameras);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_curve_changes_the_gallery_and_leaves_queries_as_they_are(bool galleryIncludesQueries)
    {
        var spec = Plain with { Evaluation = Plain.Evaluation with { GalleryIncludesQueries = galleryIncludesQueries } };

        var outcome = Do(spec with { GalleryFrames = [4, 1, 3] }).Outcome;

        // Images do not depend on the number of frames, so an image-to-video point is what a whole evaluation with that number gives.
        Assert.Equal(
            [(4, RetrievalSetting.ImageToVideo), (4, RetrievalSetting.VideoToVideo), (1, RetrievalSetting.ImageToVideo), (1, RetrievalSetting.VideoToVideo),
                (3, RetrievalSetting.ImageToVideo), (3, RetrievalSetting.VideoToVideo)],
            outcome.GalleryCurve.Select(point => (point.Frames, point.Metrics.Setting)));
        foreach (var count in new[] { 4, 1, 3 })
        {
            var whole = Do(spec with { Evaluation = spec.Evaluation with { Frames = count } }).Outcome.Settings;
            Assert.Equal(Json(Of(whole, RetrievalSetting.ImageToVideo)), Json(Point(count, RetrievalSetting.ImageToVideo)));
        }

        // A video of one frame in the gallery is an image, and the query is still a video.
        Assert.Equal(Of(outcome.Settings, RetrievalSetting.VideoToImage).MapStandard, Point(1, RetrievalSetting.VideoToVideo).MapStandard);
        Assert.Equal(Json(Of(outcome.Settings, RetrievalSetting.VideoToVideo)), Json(Point(3, RetrievalSetting.VideoToVideo)));

        SettingMetrics Point(int frames, RetrievalSetting setting) =>
            outcome.GalleryCurve.Single(point => point.Frames == frames && point.Metrics.Setting == setting).Metrics;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Saved_distances_are_those_that_were_ranked_and_name_their_items(bool galleryIncludesQueries)
    {
        var (outcome, files) = Do(Plain with
        {
            Against = Second,
            SaveDistances = true,
            Evaluation = Plain.Evaluation with { GalleryIncludesQueries = galleryIncludesQueries },
        });

        Assert.Equal(2 * 2 * All.Count, files.Count);
        foreach (var (prefix, settings) in new[] { ("", outcome.Settings), ("against-", outcome.Against!.Settings) })
        {
            foreach (var figures in settings)
            {
                var name = $"{prefix}distances-{NameConverterFactory.NameOf(figures.Setting)}";
                var (distances, queries, gallery) = Read(files[$"{name}.safetensors"]);
                Assert.Equal((figures.Queries, figures.Gallery), (queries.Length, gallery.Length));
                var oracle = SortingOracle.Measure(distances, queries, gallery);
                Assert.Equal((oracle.Trapezoidal, oracle.Standard, oracle.Minp), (figures.MapTrapezoidal, figures.MapStandard, figures.Minp));

                var table = Encoding.UTF8.GetString(files[$"{name}.csv"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Assert.Equal("role,index,identity,camera,frames,first frame", table[0]);
                Assert.Equal(queries.Length + gallery.Length, table.Length - 1);
                Assert.StartsWith($"query,0,{TinyDataset.Manifest(Zip).Identities[queries[0].Identity]},c0,", table[1], StringComparison.Ordinal);
                Assert.EndsWith("-00.bmp", table[1], StringComparison.Ordinal);
                Assert.Contains(",distractor,", table[^1], StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Another_attempt_comes_to_the_same_bits()
    {
        var spec = Plain with { Against = Second, GalleryFrames = [1, 2], CameraBias = true, SaveDistances = true };

        var (one, files) = Do(spec);
        var (two, again) = Do(spec);

        Assert.Equal(Json(one), Json(two));
        Assert.Equal(files.Keys, again.Keys);
        Assert.All(files, file => Assert.Equal(file.Value, again[file.Key]));
    }

    [Fact]
    public void Each_cameras_own_statistics_are_reported_set_by_set_and_used_wherever_the_network_runs_again()
    {
        var spec = Plain with { Against = Second, GalleryFrames = [1], Evaluation = new EvaluationSpec { Settings = All, Frames = 3, CameraStatistics = new CameraStatisticsSpec(2, 4) } };

        var outcome = Do(spec).Outcome;
        var own = Do(spec with { Evaluation = spec.Evaluation with { CameraStatistics = null } }).Outcome;
        var rough = Do(spec with { Evaluation = spec.Evaluation with { CameraStatistics = new CameraStatisticsSpec { SmallCameras = SmallCameras.Untouched } } }).Outcome;

        Assert.Equal(
            [("query images", "c0", 12, 2, 4), ("query videos of 3 frames", "c0", 36, 2, 4), ("gallery images", "c1", 13, 2, 4), ("gallery videos of 3 frames", "c1", 39, 2, 4),
                ("gallery videos of 1 frame", "c1", 13, 2, 4)],
            outcome.CameraStatistics.Select(basis => (basis.Items, basis.Camera, basis.Frames, basis.Batches, basis.BatchFrames)));
        Assert.DoesNotContain(outcome.Warnings, warning => warning.Contains("fewer frames", StringComparison.Ordinal));
        Assert.Empty(own.CameraStatistics);
        Assert.NotEqual(Json(Found(own, list => list.Found)), Json(Found(outcome, list => list.Found)));
        Assert.NotEqual(Json(Found(own, list => list.AgainstFound)), Json(Found(outcome, list => list.AgainstFound)));
        Assert.NotEqual(Json(own.Insights.Attention), Json(outcome.Insights.Attention));

        // A network that was never trained has mean 0 and variance 1 itself.
        Assert.Equal(Json(own.Insights.Attention), Json(rough.Insights.Attention));
        Assert.Equal(Json(Found(own, list => list.Found)), Json(Found(rough, list => list.Found)));
        Assert.Equal(6, outcome.Insights.Attention.Count);
        Assert.Equal([("query images", 12, 0, 0), ("query videos of 3 frames", 36, 0, 0)], rough.CameraStatistics.Take(2).Select(basis => (basis.Items, basis.Frames, basis.Batches, basis.BatchFrames)));

        static List<double?> Found(JobOutcome outcome, Func<RankList, IReadOnlyList<RankedItem>> items) =>
            [.. outcome.Insights.Settings.SelectMany(setting => setting.RankLists).SelectMany(items).Select(item => item.Distance)];
    }

    [Fact]
    public void Cameras_with_few_frames_are_named_with_their_counts_and_what_became_of_them()
    {
        var whole = TinyDataset.Manifest(Zip);
        var last = whole.Tracklets.Index().Last(tracklet => tracklet.Item.Split == Split.Gallery && !tracklet.Item.IsDistractor).Index;
        var manifest = whole with
        {
            // A camera that nothing else knows, and it saw one image of the gallery.
            Cameras = [.. whole.Cameras, new Camera("new")],
            Tracklets = [.. whole.Tracklets.Select((tracklet, i) => i == last ? tracklet with { Camera = 2 } : tracklet)],
        };
        var spec = Plain with { Against = Second, Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], CameraStatistics = new CameraStatisticsSpec(BatchSize: 12), AddMirrored = true } };

        var outcome = Do(spec, manifest).Outcome;
        var untouched = Do(spec with { Evaluation = spec.Evaluation with { CameraStatistics = new CameraStatisticsSpec { SmallCameras = SmallCameras.Untouched } } }, manifest).Outcome;

        Assert.Equal([("c0", 1), ("c1", 1), ("new", 1)], outcome.CameraStatistics.Select(basis => (basis.Camera, basis.Batches)));
        Assert.Equal(
            "camera statistics of gallery images: fewer frames than a mini-batch of 12 have new (1 frame); all that each of them has is its one mini-batch, a single frame together with its mirror image, so its statistics are rough",
            Assert.Single(outcome.Warnings, warning => warning.Contains("camera statistics", StringComparison.Ordinal)));
        Assert.Contains(untouched.Warnings, warning => warning.StartsWith(
            "camera statistics of gallery images: fewer frames than a mini-batch of 64 have c1 (12 frames), new (1 frame); nothing is gathered of them, so their statistics are mean 0", StringComparison.Ordinal));
        Assert.Contains(untouched.Warnings, warning => warning.StartsWith("camera statistics of query images: fewer frames than a mini-batch of 64 have c0 (12 frames);", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_attempt_with_statistics_of_cameras_comes_to_the_same_bits_and_another_seed_to_others()
    {
        var spec = Plain with { Evaluation = Plain.Evaluation with { CameraStatistics = new CameraStatisticsSpec(2, 5) }, SaveDistances = true };

        var (one, files) = Do(spec);
        var (two, again) = Do(spec);

        Assert.Equal(Json(one), Json(two));
        Assert.All(files, file => Assert.Equal(file.Value, again[file.Key]));
        Assert.NotEqual(files["distances-image-to-image.safetensors"], Do(spec with { Seed = 5 }).Files["distances-image-to-image.safetensors"]);
    }

    [Fact]
    public void A_camera_bias_that_cannot_be_measured_says_why()
    {
        var manifest = TinyDataset.Manifest(Zip);
        var lost = manifest.Identities.Count - 1;
        manifest = manifest with
        {
            // One identity keeps its second camera, so there is something to find, and of the two halves only one saw both cameras.
            Tracklets = [.. manifest.Tracklets.Select(tracklet => tracklet.Identity == lost ? tracklet : tracklet with { Camera = 0 })],
        };

        var outcome = Do(Plain with { Against = Second, CameraBias = true }, manifest).Outcome;

        Assert.Null(outcome.CameraBias);
        Assert.All(
            (string[])["", "against: "],
            whose => Assert.Single(outcome.Warnings, warning => warning.StartsWith($"{whose}camera bias is not measured: of the identities in the half that", StringComparison.Ordinal)));
        Assert.Contains(outcome.Warnings, warning => warning.Contains("of 12 queries have no match", StringComparison.Ordinal));
    }

    [Fact]
    public void The_camera_bias_counts_an_image_once_that_is_query_and_gallery()
    {
        var manifest = TinyDataset.Manifest(Zip);
        var twice = manifest with { Tracklets = [.. manifest.Tracklets, .. manifest.Of(Split.Query).Select(tracklet => tracklet with { Split = Split.Gallery })] };

        var once = Do(Plain with { CameraBias = true }, manifest).Outcome.CameraBias!;

        Assert.Equal(24, once.TrainedOn + once.TestedOn);
        Assert.Equal(once, Do(Plain with { CameraBias = true }, twice).Outcome.CameraBias);
    }

    [Fact]
    public void Insights_tell_of_every_query_what_the_figures_are_the_mean_of()
    {
        var outcome = Do(Plain with { Against = Second }).Outcome;

        Assert.Equal(All, outcome.Insights.Settings.Select(setting => setting.Setting));
        foreach (var (figures, against, insights) in outcome.Settings.Zip(outcome.Against!.Settings, outcome.Insights.Settings))
        {
            Assert.Equal(figures.Queries, insights.Queries.Count);
            Assert.Equal(figures.MapStandard, insights.Queries.Average(query => query.PrecisionStandard!.Value), 12);
            Assert.Equal(against.MapStandard, insights.Queries.Average(query => query.AgainstPrecisionStandard!.Value), 12);
            Assert.All(ReportMetric.All, metric =>
            {
                Assert.Equal(metric.ValueOf(figures), insights.Queries.Average(query => metric.OfQuery(query)!.Value), 12);
                var (interval, difference) = (metric.IntervalOf(figures.Intervals!), outcome.Against.Differences.Single(one => (one.Setting, one.Metric) == (figures.Setting, metric.Name)));
                Assert.Equal(Bootstrap.OfMean([.. insights.Queries.Select(query => metric.OfQuery(query)!.Value)], Plain.Seed), interval);
                Assert.Equal(metric.ValueOf(figures) - metric.ValueOf(against), difference.Difference, 12);
            });

            // Both of the gallery's cameras are the second one.
            var pair = Assert.Single(insights.CameraPairs);
            Assert.Equal(("c0", "c1", 12), (pair.QueryCamera, pair.GalleryCamera, pair.Queries));
            Assert.Equal(figures.MapStandard, pair.Map!.Value, 9);
            Assert.All(insights.RankLists, CheckList);
        }

        void CheckList(RankList list)
        {
            var query = outcome.Insights.Settings.SelectMany(setting => setting.Queries).First(query => query.Item == list.Query.Item && query.PrecisionStandard == list.PrecisionStandard);
            Assert.Equal((query.Identity, null, false), (list.Query.Identity, list.Query.Distance, list.Query.IsMatch));
            foreach (var (found, precision) in new[] { (list.Found, list.PrecisionStandard), (list.AgainstFound, list.AgainstPrecisionStandard!.Value) })
            {
                Assert.Equal(10, found.Count);
                Assert.Equal(found.Select(item => item.Identity == query.Identity), found.Select(item => item.IsMatch));
                Assert.Equal(found.OrderBy(item => item.Distance).Select(item => item.Distance), found.Select(item => item.Distance));

                // Two matches each: where both are shown they say how precise it is.
                int[] ranks = [.. found.Index().Where(item => item.Item.IsMatch).Select(item => item.Index + 1)];
                Assert.True(ranks.Length < 2 || Math.Abs(precision - (((1.0 / ranks[0]) + (2.0 / ranks[1])) / 2)) < 1e-9);
            }

            Assert.All([list.Query, .. list.Found, .. list.AgainstFound], item =>
            {
                var picture = ImageDecoder.Decode(item.Picture.Bytes, item.Item);
                Assert.Equal((16, 32, "image/jpeg"), (picture.Width, picture.Height, item.Picture.ContentType));
                Assert.Equal((picture.Width, picture.Height), (item.Picture.Width, item.Picture.Height));
            });
        }
    }

    [Fact]
    public void A_model_beside_itself_is_in_best_health_and_one_beside_another_is_not()
    {
        _parents[Second] = _parents[First] with { Checkpoint = Second };
        var same = Do(Plain with { Against = Second }).Outcome;
        Make(Second, 2, TinySpecs.Teacher.Input);
        var other = Do(Plain with { Against = Second }).Outcome;

        var health = same.Insights.Health!;
        Assert.Equal((All[0], 1.0, 10, 1.0, 0.0), (health.Setting, health.RankCorrelation, health.Neighbors, health.NeighborOverlap, health.LogitDivergence));
        Assert.Equal((0, 0), (health.Identities.Count, health.Cameras.Count));
        Assert.All(same.Against!.Differences, difference => Assert.Equal((0.0, 1.0), (difference.Difference, difference.PValue)));
        Assert.DoesNotContain(same.Insights.Settings.SelectMany(setting => setting.RankLists), list => list.Kind is RankListKind.Won or RankListKind.Lost);
        Assert.InRange(other.Insights.Health!.RankCorrelation, -0.9, 0.99);
        Assert.InRange(other.Insights.Health.LogitDivergence!.Value, 1e-9, 10);
        Assert.All(other.Insights.Health.Identities, identity => Assert.InRange(identity.Difference, -1, -1e-9));
        Assert.Null(Do(Plain).Outcome.Insights.Health);
    }

    /// <summary>Slowly: the logits of every image, and the divergence by its definition.</summary>
    [Fact]
    public void The_divergence_of_logits_is_that_of_the_networks_own()
    {
        var spec = Plain with { Against = Second, Input = new InputSpec(32, 32), Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.VideoToVideo], Frames = 3 } };

        // Decided enough that one way is another figure than the other.
        Make(First, 1, TinySpecs.Teacher.Input, model => Classifier(model).mul_(300));
        Make(Second, 2, TinySpecs.Teacher.Input, model => Classifier(model).mul_(100));

        var divergence = Do(spec).Outcome.Insights.Health!.LogitDivergence!.Value;

        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var manifest = TinyDataset.Manifest(Zip);
        var archives = new ArchiveCache(manifest, Path.Combine(_folder, "archives"), (_, file, token) => File.WriteAllBytesAsync(file, Zip, token));
        using var frames = new DatasetFrames(manifest, archives.Read, _folder, long.MaxValue).Open(spec.Input);
        var items = new[] { Split.Query, Split.Gallery }.SelectMany(split => RetrievalSets.Of(manifest, split, Medium.Video, 3, GalleryImages.FirstFrame)).ToList();
        var images_BVCHW = FrameTensor.Compose(items.Count, 3, spec.Input, (item, view, frame_CHW) => new Normalization(spec.Input).Apply(frames.Get(items[item].Frames[view]), frame_CHW));
        var (student_BK, teacher_BK) = (LogProbability(First), LogProbability(Second));
        var (expected, reverse) = (Divergence(teacher_BK, student_BK), Divergence(student_BK, teacher_BK));
        Assert.True(Math.Abs(expected - reverse) > 1e-3, $"{expected} and {reverse} cannot be told apart");
        Assert.Equal(expected, divergence, 1e-4 * expected);

        static double Divergence(Tensor from_BK, Tensor to_BK) => (from_BK.exp() * (from_BK - to_BK)).sum(1).mean().item<double>();

        Tensor LogProbability(CheckpointRef checkpoint)
        {
            using var file = File.OpenRead(_parents[checkpoint].File);
            using var trained = Checkpoint.LoadModel(file);
            return trained.Model.call(images_BVCHW).Logits_BK.to(float64).log_softmax(1);
        }
    }

    [Fact]
    public void Insights_show_where_items_lie_and_where_the_models_look()
    {
        var insights = Do(Plain with { Against = Second }).Outcome.Insights;

        Assert.Equal(("t-sne", All[0], 25), (insights.Map!.Method, insights.Map.Setting, insights.Map.Points.Count));
        Assert.Equal((12, 1), (insights.Map.Points.Count(point => point.IsQuery), insights.Map.Points.Count(point => point.Identity is null)));
        Assert.Equal(1, insights.Map.Points.Max(point => Math.Max(Math.Abs(point.X), Math.Abs(point.Y))));
        Assert.Equal(6, insights.Attention.Count);
        Assert.All(insights.Attention, pair =>
        {
            Assert.Equal((16, 32, 16, 32), (pair.Original.Width, pair.Original.Height, pair.Against!.Width, pair.Against.Height));
            Assert.NotEqual(pair.Original.Bytes, pair.Map.Bytes);
            Assert.NotEqual(pair.Map.Bytes, pair.Against.Bytes);
        });
        Assert.Equal(("tiny", "csv"), (insights.Dataset.Name, insights.Dataset.Layout));
        Assert.Equal(
            [new SplitFacts("train", 6, 2, 24, 96, 0), new SplitFacts("query", 6, 1, 12, 48, 0), new SplitFacts("gallery", 6, 1, 13, 52, 1)],
            insights.Dataset.Splits);
    }

    /// <summary>Its embeddings are numbers, and so are its figures.</summary>
    [Fact]
    public void A_model_whose_classifier_alone_is_broken_is_measured_and_a_warning_says_what_is_missing()
    {
        Make(First, 1, TinySpecs.Teacher.Input, model => Classifier(model).fill_(double.NaN));

        var outcome = Do(Plain with { Against = Second }).Outcome;

        Assert.Empty(outcome.Insights.Attention);
        Assert.Null(outcome.Insights.Health!.LogitDivergence);
        Assert.Contains(outcome.Warnings, warning => warning.StartsWith("where the models look is not shown: the model's maps are not all finite numbers", StringComparison.Ordinal));
        Assert.NotNull(outcome.Insights.Map);
        ReidJson.Write(outcome.Insights);
    }

    [Fact]
    public void One_query_and_its_match_are_enough()
    {
        var manifest = TinyDataset.Manifest(Zip);
        var (query, match) = (manifest.Of(Split.Query).First(), manifest.Of(Split.Gallery).First());
        manifest = manifest with { Tracklets = [query, match] };

        var outcome = Do(Plain with { Against = Second }, manifest).Outcome;

        Assert.All(outcome.Insights.Settings, setting =>
        {
            Assert.Equal([RankListKind.Best], setting.RankLists.Select(list => list.Kind));
            Assert.Single(setting.RankLists[0].Found);
            Assert.Equal(1.0, Assert.Single(setting.CameraPairs).Map);
        });
        Assert.Equal(("pca", 2), (outcome.Insights.Map!.Method, outcome.Insights.Map.Points.Count));
        Assert.Null(outcome.Insights.Health);
        Assert.All(outcome.Settings, figures => Assert.Equal(new Interval(1, 1), figures.Intervals!.MapStandard));
        Assert.All(outcome.Against!.Differences, difference => Assert.Equal(1, difference.PValue));
    }

    /// <summary>As VeRi-776 has its query images among those of the gallery.</summary>
    [Fact]
    public void The_camera_bias_counts_an_image_once_that_lies_in_two_files()
    {
        var manifest = TinyDataset.Manifest(Zip);
        var frames = manifest.Frames.Count;
        var twice = manifest with
        {
            Frames = [.. manifest.Frames, .. manifest.Frames.Select(frame => frame with { Name = $"copy/{frame.Name}" })],
            Tracklets =
            [
                .. manifest.Tracklets,
                .. manifest.Of(Split.Query).Select(tracklet => tracklet with { Split = Split.Gallery, FirstFrame = frames + tracklet.FirstFrame }),
            ],
        };

        Assert.Equal(Do(Plain with { CameraBias = true }, manifest).Outcome.CameraBias, Do(Plain with { CameraBias = true }, twice).Outcome.CameraBias);
    }

    [Fact]
    public void A_gallery_without_any_match_is_refused_before_anything_is_measured()
    {
        var manifest = TinyDataset.Manifest(Zip);
        manifest = manifest with { Tracklets = [.. manifest.Tracklets.Select(tracklet => tracklet with { Camera = 0 })] };

        var refusal = Assert.Throws<SpecException>(() => Do(Plain, manifest));

        Assert.Equal("$.evaluation.protocol", refusal.Errors[0].Path);
        Assert.Contains("none of the 12 queries of data set 'tiny' has a match in its gallery of 13", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("seen by another camera", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Queries_that_join_the_gallery_may_be_all_there_is_to_find()
    {
        var manifest = TinyDataset.Manifest(Zip);
        var place = 0;
        manifest = manifest with
        {
            Tracklets = [.. manifest.Tracklets.Select(tracklet => tracklet.Split switch
            {
                Split.Query => tracklet with { Camera = place++ % 2 },
                Split.Gallery => tracklet with { Identity = Tracklet.Distractor },
                _ => tracklet,
            })],
        };

        Assert.Throws<SpecException>(() => Do(Plain, manifest));
        var joined = Do(Plain with { Evaluation = Plain.Evaluation with { GalleryIncludesQueries = true } }, manifest).Outcome;

        Assert.All(joined.Settings, figures => Assert.Equal(12, figures.QueriesWithMatch));
    }

    [Fact]
    public void More_gallery_frames_than_any_tracklet_has_are_refused_by_their_place()
    {
        var refusal = Assert.Throws<SpecException>(() => Do(Plain with { GalleryFrames = [4, 5, 100] }));

        Assert.Equal(["$.galleryFrames[1]", "$.galleryFrames[2]"], refusal.Errors.Select(error => error.Path));
        Assert.Contains("must be at most 4, which the longest gallery tracklet of data set 'tiny' has, was 100", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>ImageNet's weights know no attention: it is drawn.</summary>
    [Fact]
    public void Weights_that_lack_a_part_of_the_backbone_are_measured_with_a_warning()
    {
        var bytes = NetworkFiles.Torchvision(BackboneName.ResNet50).Bytes();
        var manifest = WeightsManifest.Of(new MemoryStream(bytes), "w.safetensors", "", BackboneName.ResNet50Bam, null, default);
        var (pushed, file) = (CheckpointRef.Pushed("imagenet"), Path.Combine(_folder, "w.safetensors"));
        File.WriteAllBytes(file, bytes);
        _parents[pushed] = new Parent(pushed, manifest.Sha256, file, manifest);

        var outcome = Do(Plain with { Checkpoint = pushed, Against = First, Input = new InputSpec(32, 32), Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage] } }).Outcome;

        Assert.Contains(outcome.Warnings, warning => warning.StartsWith("weights 'imagenet' lack ", StringComparison.Ordinal) && warning.Contains("bam.", StringComparison.Ordinal));
        Assert.DoesNotContain(outcome.Warnings, warning => warning.Contains("against:", StringComparison.Ordinal));

        // Nor has it a classifier that could say where it looks, or be compared.
        Assert.Empty(outcome.Insights.Attention);
        Assert.Null(outcome.Insights.Health!.LogitDivergence);
    }

    [Fact]
    public void A_run_that_is_asked_to_stop_stops()
    {
        using var context = new MemoryContext();
        context.AskToStop();

        Assert.ThrowsAny<OperationCanceledException>(() => Do(Plain with { SaveDistances = true }, context: context));
        Assert.Empty(context.Files);
    }

    [Theory]
    [InlineData(Split.Query, "has no query split")]
    [InlineData(Split.Gallery, "has no gallery split")]
    public void A_data_set_without_queries_or_gallery_is_refused(Split missing, string words)
    {
        var manifest = TinyDataset.Manifest(Zip);
        manifest = manifest with { Tracklets = [.. manifest.Tracklets.Where(tracklet => tracklet.Split != missing)] };

        var refusal = Assert.Throws<SpecException>(() => Do(Plain, manifest));

        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("$.dataset", refusal.Errors[0].Path);
    }

    [Fact]
    public void A_model_whose_embeddings_are_no_numbers_is_named()
    {
        Make(Second, 2, TinySpecs.Teacher.Input, model => model.named_parameters().First().parameter.fill_(double.NaN));

        var fault = Assert.Throws<BrokenModelException>(() => Do(Plain with { Against = Second }));

        Assert.StartsWith($"run {Second.Run}: the model's embeddings of 12 of 12 items are not finite numbers, the first that of frame 'frames/", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Their squares have no sum: every cosine distance would be 1, and nobody would know.</summary>
    [Fact]
    public void A_model_whose_embeddings_are_too_large_to_measure_is_named()
    {
        Make(First, 1, TinySpecs.Teacher.Input, model => model.named_parameters().Last(entry => entry.name.EndsWith("bn2.bias", StringComparison.Ordinal)).parameter.fill_(1e25));

        var fault = Assert.Throws<BrokenModelException>(() => Do(Plain));

        Assert.StartsWith($"run {First.Run}: the model's embeddings of", fault.Message, StringComparison.Ordinal);
    }

    private static readonly EvaluationSpec Everything = new()
    {
        Settings = [RetrievalSetting.ImageToImage, RetrievalSetting.VideoToVideo],
        Frames = 2,
        Metric = DistanceMetric.Euclidean,
        NormalizeFeatures = true,
        Distances = [RetrievalDistance.Global, RetrievalDistance.Local, RetrievalDistance.Combined],
        ReRanking = new ReRankingSpec(4, 2),
        QueryExpansion = new QueryExpansionSpec(3),
        MultiQuery = MultiQueryPooling.Average,
        Cmc = [new CmcSpec(false, true, true, 3)],
        FalsePositiveRates = [0.1],
    };

    [Fact]
    public void Every_form_is_measured_in_its_order_from_its_own_distances_and_again_to_the_same_bits()
    {
        MakeLocal();
        var spec = Plain with { Against = Second, SaveDistances = true, Evaluation = Everything };

        var (outcome, files) = Do(spec, WithFurtherImages());

        string[] forms =
        [
            "", "/multi-query", "/expanded", "/multi-query/expanded", "/re-ranked", "/multi-query/re-ranked", "/expanded/re-ranked", "/multi-query/expanded/re-ranked",
            "/local", "/local/multi-query", "/local/re-ranked", "/local/multi-query/re-ranked",
            "/combined", "/combined/multi-query", "/combined/re-ranked", "/combined/multi-query/re-ranked",
        ];
        string[] names = [.. forms.Select(form => $"image-to-image{form}"), .. forms.Where(form => !form.Contains("multi", StringComparison.Ordinal)).Select(form => $"video-to-video{form}")];
        Assert.Equal(names, outcome.Settings.Select(figures => figures.Name));
        Assert.Equal(names.SelectMany(name => ReportMetric.All.Select(metric => (name, metric.Name))), outcome.Against!.Differences.Select(one => (RetrievalVariant.NameOf(one.Setting, one.Variant), one.Metric)));
        Assert.All(outcome.Settings, figures => Assert.Equal((1, 1), (figures.Curves.Count, figures.Roc.Count)));
        Assert.Equal(Everything.Settings, outcome.Insights.Settings.Select(setting => setting.Setting));
        var distances = new Dictionary<string, float[]>();
        foreach (var figures in outcome.Settings)
        {
            (distances[figures.Name], var queries, var gallery) = Read(files[$"distances-{figures.Name.Replace('/', '-')}.safetensors"]);
            Assert.Equal(SortingOracle.Measure(distances[figures.Name], queries, gallery).Standard, figures.MapStandard);
        }

        Assert.Equal(distances.Count, distances.Values.Select(values => string.Join(' ', values)).Distinct().Count());
        Assert.Equal(2 * (2 + names.Length), files.Count);

        var (another, again) = Do(spec, WithFurtherImages());
        Assert.Equal(Json(outcome), Json(another));
        Assert.All(files, file => Assert.Equal(file.Value, again[file.Key]));
        Assert.All(
            distances["image-to-image"].Zip(distances["image-to-image/local"], distances["image-to-image/combined"]), one => Assert.Equal(one.First + one.Second, one.Third, 1e-6));
    }

    [Fact]
    public void What_else_is_measured_leaves_the_plain_figures_and_the_insights_as_they_are()
    {
        MakeLocal();
        var plain = Everything with { Distances = [RetrievalDistance.Global], ReRanking = null, QueryExpansion = null, MultiQuery = null };

        var one = Do(Plain with { Against = Second, Evaluation = plain }).Outcome;
        var all = Do(Plain with { Against = Second, Evaluation = Everything }, WithFurtherImages()).Outcome;

        Assert.Equal(Json(one.Settings), Json(all.Settings.Where(figures => figures.Variant is null)));
        Assert.Equal(Json(one.Insights), Json(all.Insights));
        Assert.Equal(Json(one.Against!.Differences), Json(all.Against!.Differences.Where(difference => difference.Variant is null)));
    }

    /// <summary>In evaluation mode a neck is affine: another feature to compare, and the same to classify.</summary>
    [Fact]
    public void Embeddings_after_the_neck_are_others_and_the_classifier_says_the_same_of_them()
    {
        static void Shake(ReidModel model)
        {
            using var scope = NewDisposeScope();
            foreach (var (name, value) in model.State().Where(entry => entry.Name.StartsWith("classifier.bottleneck.", StringComparison.Ordinal) && entry.Value.is_floating_point()))
            {
                value.add_(linspace(0.1, 2, value.numel(), float32).view(value.shape));
            }
        }

        Make(First, 1, TinySpecs.Teacher.Input, Shake);
        Make(Second, 2, TinySpecs.Teacher.Input, Shake);
        var spec = Plain with { Against = Second, Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.VideoToVideo], Frames = 2, FalsePositiveRates = [0.5] } };

        var before = Do(spec with { SaveDistances = true });
        var after = Do(spec with { SaveDistances = true, Evaluation = spec.Evaluation with { AfterNeck = true } });

        Assert.NotEqual(before.Files["distances-video-to-video.safetensors"], after.Files["distances-video-to-video.safetensors"]);
        Assert.Equal(before.Outcome.Insights.Health!.LogitDivergence!.Value, after.Outcome.Insights.Health!.LogitDivergence!.Value, 1e-5);
    }

    [Fact]
    public void Without_cameras_all_but_the_very_same_picture_counts()
    {
        var manifest = TinyDataset.Manifest(Zip);
        manifest = manifest with { Tracklets = [.. manifest.Tracklets.Select(tracklet => tracklet with { Camera = 0 })] };
        var evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Protocol = RetrievalProtocol.CameraLess, GalleryIncludesQueries = true };

        var (outcome, files) = Do(Plain with { SaveDistances = true, Evaluation = evaluation }, manifest);

        // The queries are in front of the gallery: so many of its pictures are theirs.
        var (distances, queries, gallery) = Read(files["distances-image-to-image.safetensors"]);
        Sighting[] Numbered(Sighting[] items) => [.. items.Select((item, place) => item with { Content = (place, 0) })];
        var expected = new RetrievalOracle(distances, Numbered(queries), Numbered(gallery), RetrievalProtocol.CameraLess).Usual(gallery.Length);
        Assert.Equal((12, 12, 25), (outcome.Settings[0].Queries, outcome.Settings[0].QueriesWithMatch, outcome.Settings[0].Gallery));
        Assert.Equal((expected.Standard, expected.Trapezoidal), (outcome.Settings[0].MapStandard, outcome.Settings[0].MapTrapezoidal));
    }

    [Fact]
    public void What_the_weights_or_the_data_set_do_not_have_is_refused_by_its_place()
    {
        MakeLocal();
        Make(Second, 2, TinySpecs.Teacher.Input);

        var against = Assert.Throws<SpecException>(() => Do(Plain with { Against = Second, Evaluation = Everything }, WithFurtherImages()));
        var further = Assert.Throws<SpecException>(() => Do(Plain with { Evaluation = Everything }));
        Make(First, 1, TinySpecs.Teacher.Input, network: TinySpecs.Teacher.Model with { Neck = NeckName.None });
        var neck = Assert.Throws<SpecException>(() => Do(Plain with { Evaluation = new EvaluationSpec { AfterNeck = true } }));

        Assert.Equal(["$.evaluation.distances[1]", "$.evaluation.distances[2]"], against.Errors.Select(error => error.Path));
        Assert.Contains($"'local' needs local features, which the network of run {Second.Run} has none of", against.Message, StringComparison.Ordinal);
        Assert.Equal("$.evaluation.multiQuery", further.Errors[0].Path);
        Assert.Contains("data set 'tiny' (layout csv) has no further images of its queries", further.Message, StringComparison.Ordinal);
        Assert.Equal("$.evaluation.afterNeck", neck.Errors[0].Path);
    }

    [Fact]
    public void Galleries_of_visible_images_are_drawn_again_and_again_for_infrared_queries()
    {
        var zip = TinyDataset.Zip(cameras: 6, frames: 1);
        var manifest = TwoModalities(zip);
        var evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Protocol = RetrievalProtocol.SysuMm01, GalleryTrials = new GalleryTrialsSpec(3) { Shots = [1, 2] } };

        var (outcome, files) = Do(Plain with { SaveDistances = true, Evaluation = evaluation }, manifest, zip: zip);

        Assert.Equal(
            ["image-to-image", "image-to-image/all-search/2-shot", "image-to-image/indoor-search/1-shot", "image-to-image/indoor-search/2-shot"],
            outcome.Settings.Select(figures => figures.Name));
        Assert.Equal([24, 48, 12, 24], outcome.Settings.Select(figures => figures.Gallery));
        Assert.All(outcome.Settings, figures => Assert.Equal((24, 24, 3), (figures.Queries, figures.QueriesWithMatch, figures.Trials!.Trials)));
        Assert.NotNull(outcome.ModalityBias);
        var (distances, queries, gallery) = Read(files["distances-image-to-image.safetensors"]);
        foreach (var (figures, isIndoor, shots) in outcome.Settings.Zip([false, false, true, true], [1, 2, 1, 2]))
        {
            var trials = Enumerable.Range(0, 3).Select(trial => Trial(distances, queries, gallery, manifest.Cameras, isIndoor, shots, trial)).ToList();
            Assert.Equal(trials.Average(trial => trial.Map), figures.MapStandard, 1e-12);
            Assert.Equal(trials.Average(trial => trial.Rank1), figures.Rank1, 1e-12);
            Assert.Equal(Math.Sqrt(trials.Sum(trial => Math.Pow(trial.Map - figures.MapStandard, 2)) / 2), figures.Trials!.MapStandard!.Value, 1e-12);
            Assert.InRange(figures.MapStandard, figures.Intervals!.MapStandard.Low, figures.Intervals.MapStandard.High);
        }
    }

    [Fact]
    public void Galleries_that_the_authors_drew_are_taken_as_they_are()
    {
        var zip = TinyDataset.Zip(cameras: 6, frames: 1);
        var manifest = TwoModalities(zip);
        int[] frames = [.. manifest.Of(Split.Gallery).Select(tracklet => tracklet.FirstFrame)];
        int[] lasts = [.. manifest.Of(Split.Gallery).GroupBy(tracklet => (tracklet.Identity, tracklet.Camera)).Select(group => group.Last().FirstFrame)];
        var evaluation = new EvaluationSpec
        {
            Settings = [RetrievalSetting.ImageToImage],
            Protocol = RetrievalProtocol.SysuMm01,
            GalleryTrials = new GalleryTrialsSpec(1) { Drawing = GalleryDrawing.Official, Searches = [GallerySearch.AllSearch], Shots = [1] },
        };

        var last = Do(Plain with { Evaluation = evaluation }, manifest with { GalleryDraws = [[.. lasts, .. frames.Except(lasts)]] }, zip: zip).Outcome.Settings[0];
        var only = Do(
            Plain with { Evaluation = evaluation },
            manifest with
            {
                GalleryDraws = [frames],
                Tracklets = [.. manifest.Tracklets.Where(tracklet => tracklet.Split != Split.Gallery || lasts.Contains(tracklet.FirstFrame))],
            },
            zip: zip).Outcome.Settings[0];

        Assert.Equal((24, 1), (last.Gallery, last.Trials!.Trials));
        Assert.Null(last.Trials.MapStandard);
        Assert.Equal((only.MapStandard, only.Rank1, only.Minp), (last.MapStandard, last.Rank1, last.Minp));
    }

    [Fact]
    public void Across_modalities_the_gallery_is_searched_for_among_the_queries_too()
    {
        var zip = TinyDataset.Zip(cameras: 6, frames: 1);
        var evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Protocol = RetrievalProtocol.CrossModality, ReRanking = new ReRankingSpec(5, 2) };

        var (outcome, files) = Do(Plain with { SaveDistances = true, Evaluation = evaluation }, TwoModalities(zip), zip: zip);

        Assert.Equal(
            ["image-to-image", "image-to-image/re-ranked", "image-to-image/reversed", "image-to-image/re-ranked/reversed"], outcome.Settings.Select(figures => figures.Name));
        var (there, queries, gallery) = Read(files["distances-image-to-image.safetensors"]);
        var (back, _, _) = Read(files["distances-image-to-image-reversed.safetensors"]);
        var turned = Enumerable.Range(0, gallery.Length).SelectMany(item => queries.Select((_, query) => there[(query * gallery.Length) + item])).ToArray();
        Assert.Equal(turned.Length, back.Length);
        Assert.All(turned.Zip(back), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        foreach (var (name, distances, from, to) in new[] { ("image-to-image", there, queries, gallery), ("image-to-image/reversed", back, gallery, queries) })
        {
            var expected = new RetrievalOracle(distances, from, to, RetrievalProtocol.CrossCamera).Usual(to.Length);
            var figures = outcome.Settings.Single(metrics => metrics.Name == name);
            Assert.Equal((from.Length, to.Length), (figures.QueriesWithMatch, figures.Gallery));
            Assert.Equal(expected.Standard, figures.MapStandard, 1e-12);
        }
    }

    [Fact]
    public void Cameras_that_are_not_those_of_the_protocol_are_refused()
    {
        var zip = TinyDataset.Zip(cameras: 6, frames: 1);
        var manifest = TwoModalities(zip);
        EvaluateSpec By(RetrievalProtocol protocol) => Plain with { Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Protocol = protocol } };
        DatasetManifest Seen(Modality modality) => manifest with { Cameras = [.. manifest.Cameras.Select(camera => camera with { Modality = modality })] };

        var renamed = Assert.Throws<SpecException>(() => Do(
            By(RetrievalProtocol.SysuMm01), manifest with { Cameras = [.. manifest.Cameras.Select(camera => camera.Name == "6" ? camera with { Name = "roof" } : camera)] }, zip: zip));
        var visible = Assert.Throws<SpecException>(() => Do(By(RetrievalProtocol.CrossModality), Seen(Modality.Visible), zip: zip));
        var infrared = Assert.Throws<SpecException>(() => Do(By(RetrievalProtocol.CrossModality), Seen(Modality.Infrared), zip: zip));

        Assert.Contains("has camera 'roof' (infrared): use cross-modality", renamed.Message, StringComparison.Ordinal);
        Assert.Contains("the queries were seen by visible cameras, the gallery by visible", visible.Message, StringComparison.Ordinal);
        Assert.Contains("the queries were seen by infrared cameras, the gallery by infrared", infrared.Message, StringComparison.Ordinal);
        var undrawn = Assert.Throws<SpecException>(() => Do(
            Plain with { Evaluation = By(RetrievalProtocol.SysuMm01).Evaluation with { GalleryTrials = new GalleryTrialsSpec { Drawing = GalleryDrawing.Official } } }, manifest, zip: zip));
        Assert.Contains("asks for 10 official draws, and data set 'tiny' has 0: upload exp/rand_perm_cam.mat", undrawn.Message, StringComparison.Ordinal);
        Assert.All([renamed, visible, infrared], fault => Assert.Equal("$.evaluation.protocol", fault.Errors[0].Path));
    }

    /// <summary>Cameras as SYSU-MM01 has them: what 3 and 6 saw of the test identities is searched for in what the others saw.</summary>
    private static DatasetManifest TwoModalities(byte[] zip)
    {
        var manifest = TinyDataset.Manifest(zip);
        Camera[] cameras = [.. manifest.Cameras.Select(camera => camera.Name is "c2" or "c5" ? new Camera($"{camera.Name[1] - '0' + 1}", Modality.Infrared) : new Camera($"{camera.Name[1] - '0' + 1}"))];
        return manifest with
        {
            Cameras = cameras,
            Tracklets =
            [
                .. manifest.Tracklets.Where(tracklet => !tracklet.IsDistractor).Select(tracklet => tracklet.Split == Split.Train
                    ? tracklet
                    : tracklet with { Split = cameras[tracklet.Camera].Modality == Modality.Infrared ? Split.Query : Split.Gallery }),
            ],
        };
    }

    /// <summary>One trial by its definition: sorted, what camera 2 saw hidden from camera 3, identities counted where they first appear.</summary>
    private static (double Map, double Rank1) Trial(float[] distances, Sighting[] queries, Sighting[] gallery, IReadOnlyList<Camera> cameras, bool isIndoor, int shots, int trial)
    {
        string NameOf(Sighting item) => cameras[item.Camera].Name;
        var drawn = GalleryDraws.Seeded([.. gallery.Index().Where(item => !isIndoor || NameOf(item.Item) is "1" or "2")], trial, shots);
        var (precision, first) = (0.0, 0.0);
        foreach (var (query, seen) in queries.Index())
        {
            var found = drawn.Where(item => !(NameOf(seen) == "3" && NameOf(gallery[item]) == "2")).OrderBy(item => distances[(query * gallery.Length) + item]).ToList();
            int[] matches = [.. found.Index().Where(item => gallery[item.Item].Identity == seen.Identity).Select(item => item.Index)];
            precision += matches.Select((rank, match) => (match + 1) / (rank + 1.0)).Average();
            first += gallery[found[0]].Identity == seen.Identity ? 1 : 0;
        }

        return (precision / queries.Length, first / queries.Length);
    }

    private void MakeLocal()
    {
        var network = TinySpecs.Teacher.Model with { Local = new LocalBranchSpec(8) };
        Make(First, 1, new InputSpec(64, 32), network: network);
        Make(Second, 2, new InputSpec(64, 32), network: network);
    }

    /// <summary>The second frame of each query may be searched for together with it.</summary>
    private static DatasetManifest WithFurtherImages()
    {
        var manifest = TinyDataset.Manifest(Zip);
        return manifest with
        {
            Tracklets = [.. manifest.Tracklets, .. manifest.Of(Split.Query).Select(query => query with { Split = Split.MultiQuery, FirstFrame = query.FirstFrame + 1, FrameCount = 1 })],
        };
    }

    public override void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    private static Tensor Classifier(ReidModel model) => model.named_parameters().Single(entry => entry.name == SingleViewModel.ClassifierEntry).parameter;

    private static SettingMetrics Of(IReadOnlyList<SettingMetrics> settings, RetrievalSetting setting) => settings.Single(figures => figures.Setting == setting);

    private static string Json<T>(T value) => Encoding.UTF8.GetString(ReidJson.Write(value));

    private static (float[] Distances, Sighting[] Queries, Sighting[] Gallery) Read(byte[] file)
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream(file);
        var tensors = Safetensors.ReadTensors(stream, SafetensorsHeader.Read(stream)).ToDictionary(pair => pair.Entry.Name, pair => pair.Value);
        Sighting[] Sightings(string role) =>
            [.. tensors[$"{role}_identity"].data<long>().ToArray().Zip(tensors[$"{role}_camera"].data<long>().ToArray(), (who, where) => new Sighting((int)who, (int)where))];
        return (tensors["distances"].data<float>().ToArray(), Sightings("query"), Sightings("gallery"));
    }

    /// <summary>An untrained network as the result of a run.</summary>
    private void Make(CheckpointRef run, long seed, InputSpec input, Action<ReidModel>? spoil = null, ModelSpec? network = null)
    {
        network ??= TinySpecs.Teacher.Model;
        var manifest = TinyDataset.Manifest(Zip);
        string[] identities = [.. manifest.TrainingIdentities.Select(identity => manifest.Identities[identity])];
        using var model = ReidModel.Of(network, identities.Length);
        using (no_grad())
        {
            WeightInit.Draw(model, seed, "model");
            spoil?.Invoke(model);
        }

        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}");
        using (var stream = File.Create(file))
        {
            Checkpoint.Write(
                stream, new CheckpointHead(TinySpecs.Teacher with { Input = input, Model = network }, manifest.Hash, identities, "model", 1, 0), [.. Checkpoint.Entries("model", model)]);
        }

        _parents[run] = new Parent(run, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), file);
    }

    private (JobOutcome Outcome, Dictionary<string, byte[]> Files) Do(EvaluateSpec spec, DatasetManifest? manifest = null, MemoryContext? context = null, byte[]? zip = null)
    {
        SpecRules.Require(spec);
        manifest ??= TinyDataset.Manifest(Zip);
        var archives = new ArchiveCache(manifest, Path.Combine(_folder, "archives"), (_, file, token) => File.WriteAllBytesAsync(file, zip ?? Zip, token));
        var frames = new DatasetFrames(manifest, archives.Read, _folder, long.MaxValue);
        using var own = context is null ? new MemoryContext() : null;
        context ??= own!;
        return (JobRegistry.Create(spec, frames, _parents, context, TimeProvider.System, CPU).Run(null), context.Files);
    }
}
