using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Specs;

public sealed class SpecRulesTests
{
    private static readonly TrainSpec Teacher = new("market", new ModelSpec(BackboneName.ResNet50), new SupervisedSpec());

    private static readonly TrainSpec Student = Teacher with
    {
        Method = new ViewDistillationSpec(new CheckpointRef("0123456789abcdef0123")),
        Sampling = new SamplingSpec(12, 4) { Views = ViewSelection.MultiView },
    };

    private static readonly EvaluateSpec Evaluate = new("market", new CheckpointRef("0123456789abcdef0123"));

    [Fact]
    public void Accepts_the_published_teacher_student_and_an_evaluation()
    {
        Assert.Empty(SpecRules.Check(Teacher));
        Assert.Empty(SpecRules.Check(Student));
        Assert.Empty(SpecRules.Check(Evaluate));
    }

    [Fact]
    public void Asks_what_pushed_weights_saw()
    {
        Refuses(Evaluate with { Checkpoint = CheckpointRef.Pushed("base") }, "$.input");
        Refuses(new ExportSpec("mars", CheckpointRef.Pushed("base")), "$.input");
        Refuses(new ExportSpec("mars", new CheckpointRef("00000000000000000001")) { Input = new InputSpec(30, 64) }, "$.input.height");
        Assert.Empty(SpecRules.Check(Evaluate with { Checkpoint = CheckpointRef.Pushed("base"), Input = new InputSpec() }));
        Assert.Empty(SpecRules.Check(Teacher with { InitialWeights = CheckpointRef.Pushed("imagenet-resnet50") }));
    }

    [Fact]
    public void Refuses_a_curve_that_no_setting_has_and_points_named_twice()
    {
        Refuses(Evaluate with { GalleryFrames = [1, 2, 1] }, "$.galleryFrames[2]");
        Refuses(Evaluate with { GalleryFrames = [0] }, "$.galleryFrames[0]");
        Refuses(
            Evaluate with { GalleryFrames = [1], Evaluation = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage] } }, "$.galleryFrames");
    }

    [Fact]
    public void The_protocol_of_ATRW_searches_for_images_among_images()
    {
        var atrw = new EvaluationSpec { Protocol = RetrievalProtocol.Atrw, Settings = [RetrievalSetting.ImageToImage] };

        Assert.Empty(SpecRules.Check(Evaluate with { Evaluation = atrw }));
        Refuses(Evaluate with { Evaluation = atrw with { Settings = [RetrievalSetting.ImageToImage, RetrievalSetting.ImageToVideo] } }, "$.evaluation.settings");
        Refuses(Evaluate with { Evaluation = atrw with { GalleryIncludesQueries = true } }, "$.evaluation.galleryIncludesQueries");
    }

    [Fact]
    public void Refuses_what_cannot_take_effect_in_a_measurement()
    {
        var images = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage] };
        (EvaluationSpec Spec, string Path)[] refused =
        [
            (images with { NormalizeFeatures = true }, "$.evaluation.normalizeFeatures"),
            (images with { Distances = [] }, "$.evaluation.distances"),
            (images with { Distances = [RetrievalDistance.Local] }, "$.evaluation.distances"),
            (images with { Distances = [RetrievalDistance.Global, RetrievalDistance.Global] }, "$.evaluation.distances[1]"),
            (images with { ReRanking = new ReRankingSpec(K1: 0) }, "$.evaluation.reRanking.k1"),
            (images with { ReRanking = new ReRankingSpec(K1: 5, K2: 6) }, "$.evaluation.reRanking.k2"),
            (images with { ReRanking = new ReRankingSpec(Lambda: 1) }, "$.evaluation.reRanking.lambda"),
            (images with { ReRanking = new ReRankingSpec(Lambda: double.NaN) }, "$.evaluation.reRanking.lambda"),
            (images with { QueryExpansion = new QueryExpansionSpec(Neighbors: 1) }, "$.evaluation.queryExpansion.neighbors"),
            (images with { QueryExpansion = new QueryExpansionSpec(Times: 0) }, "$.evaluation.queryExpansion.times"),
            (images with { QueryExpansion = new QueryExpansionSpec(Power: -1) }, "$.evaluation.queryExpansion.power"),
            (images with { Settings = [RetrievalSetting.VideoToVideo], MultiQuery = MultiQueryPooling.Max }, "$.evaluation.multiQuery"),
            (images with { CameraStatistics = new CameraStatisticsSpec(Batches: 0) }, "$.evaluation.cameraStatistics.batches"),
            (images with { CameraStatistics = new CameraStatisticsSpec(Batches: 10_001) }, "$.evaluation.cameraStatistics.batches"),
            (images with { CameraStatistics = new CameraStatisticsSpec(BatchSize: 1) }, "$.evaluation.cameraStatistics.batchSize"),
            (images with { CameraStatistics = new CameraStatisticsSpec(BatchSize: 1025) }, "$.evaluation.cameraStatistics.batchSize"),
            (images with { FalsePositiveRates = [0.1, 1] }, "$.evaluation.falsePositiveRates[1]"),
            (images with { FalsePositiveRates = [0.1, 0.1] }, "$.evaluation.falsePositiveRates[1]"),
            (images with { Cmc = [new CmcSpec(true, false, true, 10)] }, "$.evaluation.cmc[0].repeats"),
            (images with { Cmc = [new CmcSpec(true, true, true, 0)] }, "$.evaluation.cmc[0].repeats"),
            (images with { Cmc = [new CmcSpec(true, true, true), new CmcSpec(true, true, true)] }, "$.evaluation.cmc[1]"),
            (images with { Cmc = [null!] }, "$.evaluation.cmc[0]"),
            (images with { Cmc = [new CmcSpec(true, true, true)], Protocol = RetrievalProtocol.CameraLess }, "$.evaluation.cmc[0].separateCameraSet"),
            (images with { GalleryTrials = new GalleryTrialsSpec() }, "$.evaluation.galleryTrials"),
            (images with { Protocol = RetrievalProtocol.CrossModality, Settings = [RetrievalSetting.VideoToVideo] }, "$.evaluation.settings"),
            (images with { Protocol = RetrievalProtocol.CrossModality, GalleryIncludesQueries = true }, "$.evaluation.galleryIncludesQueries"),
            (images with { Protocol = RetrievalProtocol.CrossModality, MultiQuery = MultiQueryPooling.Max }, "$.evaluation.multiQuery"),
            (images with { Protocol = RetrievalProtocol.SysuMm01, ReRanking = new ReRankingSpec() }, "$.evaluation.reRanking"),
            (images with { Protocol = RetrievalProtocol.SysuMm01, QueryExpansion = new QueryExpansionSpec() }, "$.evaluation.queryExpansion"),
            (images with { Protocol = RetrievalProtocol.SysuMm01, Cmc = [new CmcSpec(true, true, true)] }, "$.evaluation.cmc"),
            (images with { Protocol = RetrievalProtocol.SysuMm01, FalsePositiveRates = [0.1] }, "$.evaluation.falsePositiveRates"),
            (images with { Protocol = RetrievalProtocol.SysuMm01, GalleryTrials = new GalleryTrialsSpec(0) }, "$.evaluation.galleryTrials.trials"),
            (images with { Protocol = RetrievalProtocol.SysuMm01, GalleryTrials = new GalleryTrialsSpec { Searches = [] } }, "$.evaluation.galleryTrials.searches"),
            (images with { Protocol = RetrievalProtocol.SysuMm01, GalleryTrials = new GalleryTrialsSpec { Shots = [] } }, "$.evaluation.galleryTrials.shots"),
            (images with { Protocol = RetrievalProtocol.SysuMm01, GalleryTrials = new GalleryTrialsSpec { Shots = [1, 1] } }, "$.evaluation.galleryTrials.shots[1]"),
            (images with { Protocol = RetrievalProtocol.SysuMm01, GalleryTrials = new GalleryTrialsSpec { Shots = [0] } }, "$.evaluation.galleryTrials.shots[0]"),
        ];

        Assert.All(refused, one => Refuses(Evaluate with { Evaluation = one.Spec }, one.Path));
        Refuses(Teacher with { Evaluation = new EvaluationSpec { Distances = [RetrievalDistance.Global, RetrievalDistance.Combined] } }, "$.evaluation.distances[1]");
        Refuses(Teacher with { Model = Teacher.Model with { Neck = NeckName.None }, Evaluation = new EvaluationSpec { AfterNeck = true } }, "$.evaluation.afterNeck");
        Assert.Empty(SpecRules.Check(Evaluate with
        {
            Evaluation = images with
            {
                Metric = DistanceMetric.Euclidean, NormalizeFeatures = true, AfterNeck = true, Distances = [RetrievalDistance.Global, RetrievalDistance.Combined],
                ReRanking = new ReRankingSpec(), QueryExpansion = new QueryExpansionSpec(), MultiQuery = MultiQueryPooling.Average, FalsePositiveRates = [0, 1e-4],
                Cmc = [new CmcSpec(false, false, true), new CmcSpec(true, true, false, 10)],
            },
        }));
        Assert.Empty(SpecRules.Check(Evaluate with { Evaluation = images with { Protocol = RetrievalProtocol.CrossModality, ReRanking = new ReRankingSpec() } }));
        Assert.Empty(SpecRules.Check(Evaluate with { Evaluation = images with { Protocol = RetrievalProtocol.SysuMm01, GalleryTrials = new GalleryTrialsSpec(1) { Shots = [1] } } }));
    }

    [Fact]
    public void Refuses_all_images_of_a_gallery_that_has_none()
    {
        var every = new EvaluationSpec { GalleryImages = GalleryImages.EveryFrame };

        Refuses(Evaluate with { Evaluation = every }, "$.evaluation.galleryImages");
        Assert.Empty(SpecRules.Check(Evaluate with { Evaluation = every with { Settings = [RetrievalSetting.VideoToImage] } }));
    }

    [Fact]
    public void Finds_everything_at_once()
    {
        var refusal = Assert.Throws<SpecException>(() => SpecRules.Require(Teacher with { Epochs = 0, Repeat = -1 }));

        Assert.Equal(["$.repeat", "$.epochs"], refusal.Errors.Select(error => error.Path));
    }

    [Fact]
    public void Refuses_more_student_views_than_teacher_views() => Refuses(
        Student with { Method = Distillation with { TeacherViews = 2, StudentViews = 3 } },
        "$.method.studentViews",
        "must be at most teacherViews (2), because the student sees some of the teacher's views; was 3");

    [Theory]
    [InlineData(BackboneName.ResNet50Bam, 1)]
    [InlineData(BackboneName.DenseNet121, 2)]
    [InlineData(BackboneName.MobileNet, 1)]
    public void The_last_stride_is_the_backbones_own(BackboneName backbone, int stride)
    {
        Assert.Equal(stride, new ModelSpec(backbone).LastStride);
        Assert.Empty(SpecRules.Check(Teacher with { Model = new ModelSpec(backbone) }));
        Assert.Equal(
            new ModelSpec(backbone),
            ReidJson.Read<ModelSpec>(System.Text.Encoding.UTF8.GetBytes($$"""{ "backbone": "{{NameConverterFactory.NameOf(backbone)}}" }""")));
    }

    [Fact]
    public void Refuses_a_last_stride_that_a_backbone_cannot_have() => Refuses(
        Teacher with { Model = new ModelSpec(BackboneName.DenseNet121) { LastStride = 1 } },
        "$.model.lastStride",
        "must be 2 with backbone 'densenet121', was 1: its resolution is halved by pooling between its blocks, which VKD leaves as it is; leave it out");

    [Fact]
    public void Refuses_what_a_network_cannot_have()
    {
        Refuses(
            Teacher with { Model = new ModelSpec(BackboneName.OsNetX050) { LastStride = 2 } },
            "$.model.lastStride",
            "must be 1 with backbone 'osnet-x0-5', was 2: no stage of it is strided, and the last keeps its resolution; leave it out");
        Refuses(With(new LocalTripletSpec()) with { Model = new ModelSpec(BackboneName.ResNet50) { Local = new(0) } }, "$.model.local.channels");
        Refuses(With(new LocalTripletSpec()) with { Model = new ModelSpec(BackboneName.ResNet50) { Local = new(2049) } }, "$.model.local.channels");
    }

    [Theory]
    [InlineData(BackboneName.ResNet50, false)]
    [InlineData(BackboneName.ResNet50IbnA, true)]
    [InlineData(BackboneName.OsNetX025, true)]
    public void The_last_ReLU_stays_but_in_VKDs_networks(BackboneName backbone, bool stays) => Assert.Equal(stays, new ModelSpec(backbone).FinalRelu);

    [Fact]
    public void Refuses_one_tracklet_an_identity_with_a_triplet_loss()
    {
        Refuses(
            Teacher with { Sampling = new SamplingSpec(8, 1) },
            "$.sampling.tracklets",
            "must be at least 2 with a triplet loss, which needs another tracklet of the same identity; was 1");
        Refuses(Teacher with { Sampling = new SamplingSpec(1, 8) }, "$.sampling.identities");
        Assert.Empty(SpecRules.Check(With(new CrossEntropySpec()) with { Sampling = new SamplingSpec(8, 1) }));
    }

    [Fact]
    public void Refuses_batches_of_one_set() => Refuses(
        With(new CrossEntropySpec()) with { Sampling = new SamplingSpec(1, 1) }, "$.sampling", "makes batches of one set, of which batch normalization leaves nothing; at least 2 identities or tracklets make a batch");

    [Theory]
    [InlineData(-0.1, "must be at least 0, was -0.1; leave it out for the soft margin")]
    [InlineData(double.NaN, null)]
    [InlineData(double.PositiveInfinity, null)]
    public void Refuses_a_margin_that_is_none(double margin, string? message) =>
        Refuses(With(new TripletSpec { Margin = margin }), "$.method.losses[0].margin", message);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Refuses_weights_that_do_nothing_or_harm(double weight) =>
        Refuses(With(new CrossEntropySpec { Weight = weight }), "$.method.losses[0].weight");

    [Fact]
    public void Refuses_losses_that_do_not_fit_the_method()
    {
        Refuses(With(), "$.method.losses", "must have at least one loss");
        Refuses(
            With(new CrossEntropySpec(), new CrossEntropySpec()),
            "$.method.losses[1]",
            "is a second loss of kind 'cross-entropy': keep one and add up the weights");
        Refuses(
            With(new CrossEntropySpec(), new DistancePreservationSpec()),
            "$.method.losses[1]",
            "needs a teacher, which method 'supervised' has not: leave 'distance-preservation' out");
        Refuses(Student with { Method = Distillation with { Losses = [new CrossEntropySpec()] } }, "$.method.losses");
        Refuses(With(new CrossEntropySpec(), null!), "$.method.losses[1]", "must be a loss, was null");
    }

    [Fact]
    public void Refuses_a_student_that_sees_one_tracklet_where_many_views_are_meant() =>
        Refuses(Student with { Sampling = new SamplingSpec(12, 4) { Views = ViewSelection.Chunk } }, "$.sampling.views");

    [Fact]
    public void Refuses_initial_weights_that_nothing_starts_from()
    {
        var start = Student with { InitialWeights = CheckpointRef.Pushed("imagenet-resnet50") };

        Assert.Empty(SpecRules.Check(start));
        Refuses(start with { Method = Distillation with { ReinitializeLastStage = false } }, "$.initialWeights");
        Refuses(
            start with { Model = new ModelSpec(BackboneName.MobileNet), Method = Distillation with { Student = new CheckpointRef("0123456789abcdef0124") } },
            "$.initialWeights",
            "has no effect: of mobilenet a student starts only the head afresh, which is always drawn; leave it out");
    }

    [Fact]
    public void Refuses_batches_that_no_machine_holds()
    {
        Refuses(
            Teacher with { Sampling = new SamplingSpec(64, 16) },
            "$.sampling",
            "makes batches of 64 identities x 16 tracklets x 8 views = 8192 images (3072 MiB); at most 4096 images and 2048 MiB fit: lower one of them");
        Refuses(Teacher with { Input = new InputSpec(1024, 1024) }, "$.sampling");
        Refuses(Teacher with { Sampling = new SamplingSpec(1_000_000, 1_000_000) }, "$.sampling.identities", "$.sampling.tracklets", "$.sampling");
    }

    [Fact]
    public void Refuses_names_that_may_not_be()
    {
        Refuses(Teacher with { Dataset = "../etc" }, "$.dataset");
        Refuses(Student with { Method = Distillation with { Teacher = new CheckpointRef("resnet50") } }, "$.method.teacher.run");
        Refuses(Evaluate with { Checkpoint = new CheckpointRef("0123456789ABCDEF0123") }, "$.checkpoint.run");
        Refuses(Evaluate with { Checkpoint = new CheckpointRef() }, "$.checkpoint.run");
        Refuses(Evaluate with { Checkpoint = new CheckpointRef("0123456789abcdef0123") { Weights = "base" }, Input = new InputSpec() }, "$.checkpoint");
        Refuses(Evaluate with { Against = CheckpointRef.Pushed("../x"), Input = new InputSpec() }, "$.against.weights");
    }

    [Theory]
    [InlineData(0, 128, "$.input.height")]
    [InlineData(100, 128, "$.input.height")]
    [InlineData(256, 2048, "$.input.width")]
    [InlineData(-256, 128, "$.input.height")]
    public void Refuses_sizes_that_the_network_cannot_take(int height, int width, string path) => Assert.Contains(
        path, SpecRules.Check(Teacher with { Input = new InputSpec(height, width) }).Select(error => error.Path));

    [Fact]
    public void Refuses_means_and_deviations_that_no_picture_has()
    {
        Refuses(Teacher with { Input = new InputSpec { Mean = new(124, 0.4, 0.4) } }, "$.input.mean.red", "must be 0 to 1, was 124");
        Refuses(Evaluate with { Input = new InputSpec { Deviation = new(0.2, 0, 0.2) } }, "$.input.deviation.green");
        Refuses(Teacher with { Input = new InputSpec { Deviation = new(0.2, 0.2, double.NaN) } }, "$.input.deviation.blue");
        Assert.Empty(SpecRules.Check(Teacher with { Augmentation = new() { CropProbability = 0.5, CropRatio = 0.8 } }));
    }

    [Fact]
    public void Refuses_augmentations_out_of_range()
    {
        RefusesAugmentation(new(Padding: -1), "padding");
        RefusesAugmentation(new(Padding: 65), "padding");
        RefusesAugmentation(new(FlipProbability: 1.5), "flipProbability");
        RefusesAugmentation(new() { CropProbability = 1.5, CropRatio = 0.8 }, "cropProbability");
        RefusesAugmentation(new() { CropProbability = 0.5, CropRatio = 0 }, "cropRatio");
        RefusesAugmentation(new() { CropProbability = 0.5 }, "cropProbability");
        RefusesAugmentation(new() { CropRatio = 0.8 }, "cropRatio");
        RefusesAugmentation(new(ErasingProbability: double.NaN), "erasingProbability");
        RefusesAugmentation(new() { ErasingArea = new(0.4, 0.02) }, "erasingArea");
        RefusesAugmentation(new() { ErasingArea = new(0, 0.4) }, "erasingArea");
        RefusesAugmentation(new() { ErasingAspect = new(0.3, double.PositiveInfinity) }, "erasingAspect");
    }

    [Fact]
    public void Refuses_optimizers_that_cannot_learn()
    {
        Refuses(Teacher with { Optimizer = new AdamSpec(0) }, "$.optimizer.learningRate");
        Refuses(Teacher with { Optimizer = new AdamSpec(double.NaN) }, "$.optimizer.learningRate");
        Refuses(Teacher with { Optimizer = new AdamSpec(1e-4, -1) }, "$.optimizer.weightDecay");
        Refuses(Teacher with { Optimizer = new AdamSpec { Beta1 = 1 } }, "$.optimizer.beta1");
        Refuses(Teacher with { Optimizer = new AdamSpec { Beta2 = -0.1 } }, "$.optimizer.beta2");
        Refuses(Teacher with { Optimizer = new AdamSpec { Epsilon = 0 } }, "$.optimizer.epsilon");
        Refuses(Teacher with { Optimizer = new SgdSpec(0.1) { Momentum = 1 } }, "$.optimizer.momentum");
        Refuses(Teacher with { Optimizer = new SgdSpec(0.1) { Momentum = 0, Nesterov = true } }, "$.optimizer.nesterov");
    }

    [Fact]
    public void Refuses_schedules_that_do_not_go_forward()
    {
        Refuses(Teacher with { Schedule = new MultiStepSpec([]) }, "$.schedule.milestones");
        Refuses(Teacher with { Schedule = new MultiStepSpec([0, 5]) }, "$.schedule.milestones[0]");
        Refuses(Teacher with { Schedule = new MultiStepSpec([5, 5]) }, "$.schedule.milestones[1]", "must be after the one before (5), was 5");
        Refuses(Teacher with { Schedule = new MultiStepSpec([5], 0) }, "$.schedule.gamma");
        Refuses(Teacher with { Schedule = new MultiStepSpec([5], 1.5) }, "$.schedule.gamma");
    }

    [Fact]
    public void Refuses_evaluations_of_nothing_or_twice_the_same()
    {
        Refuses(
            Evaluate with { Evaluation = new() { Settings = [] } },
            "$.evaluation.settings",
            "must name at least one of: image-to-image, image-to-video, video-to-image, video-to-video");
        Refuses(
            Teacher with { Evaluation = new() { Settings = [RetrievalSetting.VideoToVideo, RetrievalSetting.VideoToVideo] } },
            "$.evaluation.settings[1]");
        Refuses(Teacher with { Evaluation = new() { Frames = 0 } }, "$.evaluation.frames");
        Refuses(Teacher with { Evaluation = new() { EveryEpochs = -1 } }, "$.evaluation.everyEpochs");
    }

    [Fact]
    public void Refuses_to_evaluate_a_trained_network_by_epochs()
    {
        Refuses(Evaluate with { Evaluation = new() { EveryEpochs = 5 } }, "$.evaluation.everyEpochs", "has no meaning in an evaluate run, which has no epochs, was 5; leave it out");
        Refuses(Evaluate with { Evaluation = new() { EveryEpochs = -1 } }, "$.evaluation.everyEpochs");
    }

    [Fact]
    public void Refuses_other_numbers_out_of_range()
    {
        Refuses(Teacher with { Seed = -1 }, "$.seed");
        Refuses(Teacher with { Limits = new LimitsSpec(0) }, "$.limits.maxAttempts");
        Refuses(Teacher with { Limits = new LimitsSpec { Timeout = TimeSpan.Zero } }, "$.limits.timeout");
        Refuses(Teacher with { Limits = new LimitsSpec { Timeout = TimeSpan.FromDays(31) } }, "$.limits.timeout");
        Refuses(Teacher with { Limits = new LimitsSpec { Stall = TimeSpan.FromDays(2) } }, "$.limits.stall");
        Refuses(Teacher with { Checkpoints = new CheckpointSpec(1, Keep: 0) }, "$.checkpoints.keep");
        Refuses(Teacher with { Model = new ModelSpec(BackboneName.ResNet18) { LastStride = 3 } }, "$.model.lastStride");
        Refuses(Teacher with { Replicas = 0 }, "$.replicas");
        Refuses(Teacher with { Cameras = ["c1", "c2", "c1"] }, "$.cameras[2]", "names 'c1' again: once is enough");
        Refuses(Teacher with { Cameras = [""] }, "$.cameras[0]");
        Refuses(Teacher with { Cameras = [null!] }, "$.cameras[0]", "must be a name of 1 to 1000 characters, was 'null'");
        Refuses(Teacher with { Cameras = [.. Enumerable.Range(0, 1001).Select(camera => $"{camera}")] }, "$.cameras");
        Refuses(Teacher with { Sampling = new SamplingSpec(8, 4), Replicas = 3 }, "$.replicas", "must be from 1 to 64 and divide the 32 sets of a batch ($.sampling.identities times $.sampling.tracklets) into parts of at least 2 sets, was 3");
        Refuses(Teacher with { Sampling = new SamplingSpec(8, 4), Replicas = 32 }, "$.replicas");
        Refuses(Teacher with { Model = new ModelSpec(BackboneName.ResNet18) { NeckDeviation = -0.1 } }, "$.model.neckDeviation");
        Refuses(Teacher with { Model = new ModelSpec(BackboneName.ResNet18) { Neck = NeckName.None, NeckDeviation = 0.02 } }, "$.model.neckDeviation", "has no effect: the model has neck 'none'; leave it out");
        Refuses(Teacher with { Checkpoints = new CheckpointSpec(0) }, "$.checkpoints.everyEpochs");
        Refuses(Teacher with { Method = new SupervisedSpec(0) }, "$.method.views");
        Refuses(Student with { Method = Distillation with { StudentViews = 0 } }, "$.method.studentViews");
        Refuses(Student with { Method = Distillation with { TeacherViews = 65 } }, "$.method.teacherViews");
        Refuses(With(new CrossEntropySpec { LabelSmoothing = 1 }), "$.method.losses[0].labelSmoothing");
        Refuses(
            Student with { Method = Distillation with { Losses = [new LogitDistillationSpec { Temperature = 0 }] } }, "$.method.losses[0].temperature");
    }

    [Fact]
    public void Refuses_camera_batch_norm_that_cannot_be()
    {
        Refuses(Teacher with { CameraBatchNorm = new CameraBatchNormSpec() }, "$.evaluation.cameraStatistics");
        var measured = Teacher with { Evaluation = Teacher.Evaluation with { CameraStatistics = new CameraStatisticsSpec() } };
        Assert.Empty(SpecRules.Check(measured with { CameraBatchNorm = new CameraBatchNormSpec() }));
        Refuses(measured with { CameraBatchNorm = new CameraBatchNormSpec(1) }, "$.cameraBatchNorm.leastFrames", "must be 2 to 256, was 1");
        Refuses(measured with { CameraBatchNorm = new CameraBatchNormSpec(257) }, "$.cameraBatchNorm.leastFrames");
        Refuses(
            measured with { Replicas = 2, CameraBatchNorm = new CameraBatchNormSpec() },
            "$.replicas",
            "must be 1 with $.cameraBatchNorm, where the parts of a batch are its cameras, was 2: leave one of them out");
    }

    [Fact]
    public void Refuses_to_keep_a_last_batch_that_there_is_none_of() => Refuses(
        Teacher with { Sampling = new SamplingSpec { Draw = IdentityDraw.EachTrackletOnce, KeepLastBatch = true } },
        "$.sampling.keepLastBatch",
        "has no effect where $.sampling.draw is 'each-tracklet-once': no identity waits for the next epoch as a whole; leave one of them out");

    private static ViewDistillationSpec Distillation => (ViewDistillationSpec)Student.Method;

    private static TrainSpec With(params LossSpec[] losses) => Teacher with { Method = new SupervisedSpec { Losses = losses } };

    private static void RefusesAugmentation(AugmentationSpec augmentation, string member) =>
        Refuses(Teacher with { Augmentation = augmentation }, $"$.augmentation.{member}");

    private static void Refuses(RunSpec spec, string path, string? message = null)
    {
        var error = Assert.Single(SpecRules.Check(spec));

        Assert.Equal(path, error.Path);
        if (message is not null)
        {
            Assert.Equal(message, error.Message);
        }
    }

    private static void Refuses(RunSpec spec, params string[] paths) => Assert.Equal(paths, SpecRules.Check(spec).Select(error => error.Path));
}
