using System.Security.Cryptography;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Training;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Jobs;

public sealed class JobTests : TorchTests
{
    private static readonly byte[] Zip = TinyDataset.Zip();
    private static readonly TrainSpec Short = TinySpecs.Teacher with { Epochs = 1, Evaluation = new EvaluationSpec { Frames = 2 } };
    private readonly string _folder = Directory.CreateTempSubdirectory("reid-jobs-").FullName;

    [Fact]
    public void A_student_learns_from_the_checkpoint_its_teacher_left_and_both_are_measured()
    {
        var (taught, teacher) = Train(Short);
        var (learned, student) = Train(Student(), teacher);
        var evaluated = Do(new EvaluateSpec("tiny", student.Checkpoint) { Evaluation = Short.Evaluation }, Zip, student).Outcome;

        Assert.Equal(["teacher"], learned.Parents.Select(parent => parent.Role));
        Assert.Equal(teacher.Sha256, learned.Parents[0].CheckpointSha256);
        Assert.Equal(2, taught.Settings.Count);
        Assert.Equal(ReidJson.Write(learned.Settings), ReidJson.Write(evaluated.Settings));
        Assert.Equal(taught.TrainedOnDatasetHash, evaluated.TrainedOnDatasetHash);
    }

    [Fact]
    public void A_students_teacher_is_measured_beside_it_as_if_it_were_alone()
    {
        var (taught, teacher) = Train(Short);
        var (learned, student) = Train(Student(), teacher);
        var compared = Do(new EvaluateSpec("tiny", student.Checkpoint) { Against = teacher.Checkpoint, Evaluation = Short.Evaluation }, Zip, student, teacher).Outcome;

        Assert.Null(taught.Against);
        Assert.Null(taught.Insights.Health);
        Assert.NotNull(taught.Insights.Map);
        Assert.Equal(teacher.Checkpoint, learned.Against!.Checkpoint);
        Assert.Equal(ReidJson.Write(taught.Settings), ReidJson.Write(learned.Against.Settings));
        Assert.Equal(ReidJson.Write(compared.Against), ReidJson.Write(learned.Against));
        Assert.Equal(ReidJson.Write(compared.Insights), ReidJson.Write(learned.Insights));
        Assert.InRange(learned.Insights.Health!.LogitDivergence!.Value, 1e-9, 100);
    }

    [Fact]
    public void Every_peer_is_measured_as_if_it_were_the_only_one_and_compared_with_the_first_and_with_a_network_that_was_trained_alone()
    {
        var (_, alone) = Train(Short);
        var spec = Short with { Method = new MutualLearningSpec(3) { Views = 2, Alone = alone.Checkpoint, Losses = [new TripletSpec(), new CrossEntropySpec(), new MutualProbabilitySpec()] } };
        var (learned, first) = Train(spec, alone);
        var third = first with { Checkpoint = first.Checkpoint with { Peer = 3 } };
        var evaluated = Do(new EvaluateSpec("tiny", third.Checkpoint) { Against = first.Checkpoint, Evaluation = Short.Evaluation }, Zip, third, first).Outcome;
        var compared = Do(new EvaluateSpec("tiny", first.Checkpoint) { Against = alone.Checkpoint, Evaluation = Short.Evaluation }, Zip, first, alone).Outcome;

        Assert.Equal([2, 3], learned.Peers.Select(peer => peer.Peer));
        Assert.Equal(ReidJson.Write(evaluated.Settings), ReidJson.Write(learned.Peers[1].Settings));
        Assert.Equal(ReidJson.Write(evaluated.Against!.Settings), ReidJson.Write(learned.Settings));
        Assert.Equal(evaluated.Against.Differences.Select(difference => -difference.Difference), learned.Peers[1].Differences.Select(difference => difference.Difference));
        Assert.Equal(["alone"], learned.Parents.Select(parent => parent.Role));
        Assert.Equal(ReidJson.Write(compared.Against), ReidJson.Write(learned.Against));
        Assert.Equal(ReidJson.Write(compared.Insights), ReidJson.Write(learned.Insights));
        var missing = first with { Checkpoint = first.Checkpoint with { Peer = 4 } };
        var fault = Assert.Throws<CheckpointException>(() => Do(new EvaluateSpec("tiny", missing.Checkpoint) { Evaluation = Short.Evaluation }, Zip, missing));
        Assert.Contains("it has no peer 4, only peers 1 to 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_the_device_cannot_compute_in_are_refused_at_the_start()
    {
        var thrown = Assert.Throws<SpecException>(() => Train(Short with { Precision = Precision.TensorFloat32 }));

        var error = Assert.Single(thrown.Errors);
        Assert.Equal("$.precision", error.Path);
        Assert.Contains("this runner computes on cpu: ask for 'float32' or 'bfloat16', or start a runner whose ReidCloud__Device is cuda", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no query")]
    [InlineData("no gallery")]
    [InlineData("neither")]
    public void A_student_on_data_that_cannot_be_measured_is_trained_and_reported_all_the_same(string lack)
    {
        var whole = TinyDataset.Manifest(Zip);
        var manifest = whole with
        {
            Tracklets = [.. whole.Tracklets.Select(tracklet => (tracklet.Split, lack) switch
            {
                (Split.Query, "no query") or (Split.Gallery, "no gallery") or (Split.Query or Split.Gallery, "neither") => tracklet with { Split = Split.Train, Identity = 0 },
                _ => tracklet,
            })],
        };
        var (_, context) = Do(Short, manifest, Zip, []);
        var teacher = Keep(Short, context);

        var (outcome, _) = Do(Student(), manifest, Zip, [teacher]);

        Assert.All([.. outcome.Settings, .. outcome.Against!.Settings], figures => Assert.Equal((0, null), (figures.QueriesWithMatch, figures.Intervals)));
        Assert.Empty(outcome.Against.Differences);
        Assert.All(outcome.Insights.Settings, setting => Assert.Empty(setting.RankLists));
        Assert.Equal(lack == "neither", outcome.Insights.Map is null);
        Assert.Null(outcome.Insights.Health);
        ReidJson.Write(outcome.Insights);
    }

    /// <summary>fast-reid issues 173 and 285: otherwise it would train to the end, and find nothing.</summary>
    [Theory]
    [InlineData("one camera", "$.evaluation.protocol", "has a match in its gallery of 13 that was seen by another camera. Use camera-less")]
    [InlineData("no cameras", "$.evaluation.protocol", "data set 'tiny' does not say which camera saw what. Use camera-less")]
    [InlineData("distractors only", "$.dataset", "look at the identities of its query and gallery splits")]
    public void What_would_find_nothing_is_refused_before_the_training(string lack, string path, string message)
    {
        var whole = TinyDataset.Manifest(Zip);
        var manifest = whole with
        {
            Cameras = lack == "no cameras" ? [new Camera(Camera.Unknown)] : whole.Cameras,
            Tracklets = [.. whole.Tracklets.Select(tracklet => lack switch
            {
                "distractors only" => tracklet.Split == Split.Gallery ? tracklet with { Identity = Tracklet.Distractor } : tracklet,
                _ => tracklet with { Camera = 0 },
            })],
        };
        using var context = new MemoryContext();

        var error = Assert.Single(Assert.Throws<SpecException>(() => Create(Short, manifest, Zip, [], context).Run(null)).Errors);

        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(context.Checkpoints);
    }

    [Fact]
    public void Statistics_of_cameras_that_nobody_knows_are_refused_before_the_training_together_with_what_else_is_wrong()
    {
        var whole = TinyDataset.Manifest(Zip);
        var manifest = whole with { Cameras = [new Camera(Camera.Unknown)], Tracklets = [.. whole.Tracklets.Select(tracklet => tracklet with { Camera = 0 })] };
        var spec = Short with { Evaluation = Short.Evaluation with { CameraStatistics = new CameraStatisticsSpec() } };
        using var context = new MemoryContext();

        var errors = Assert.Throws<SpecException>(() => Create(spec, manifest, Zip, [], context).Run(null)).Errors;

        Assert.Equal(["$.evaluation.cameraStatistics", "$.evaluation.protocol"], errors.Select(error => error.Path));
        Assert.Contains("data set 'tiny' does not say: leave it out, or commit the data set anew with a column camera", errors[0].Message, StringComparison.Ordinal);
        Assert.Empty(context.Checkpoints);
    }

    /// <summary>What a network's own statistics were before it is measured on the way, they are afterwards.</summary>
    [Fact]
    public void Measuring_on_the_way_by_each_cameras_statistics_leaves_the_training_as_it_is_and_resumes_to_the_last_bit()
    {
        var evaluation = Short.Evaluation with { CameraStatistics = new CameraStatisticsSpec(1, 4), AddMirrored = true };
        var spec = Short with { Epochs = 2, Checkpoints = new CheckpointSpec(EveryEpochs: 1), Evaluation = evaluation with { EveryEpochs = 1 } };
        var (straight, context) = Do(spec, Zip);
        var (alone, undisturbed) = Do(spec with { Evaluation = evaluation }, Zip);
        using var first = new MemoryContext { StopAfterCheckpoints = 1 };
        Assert.ThrowsAny<OperationCanceledException>(() => Create(spec, TinyDataset.Manifest(Zip), Zip, [], first).Run(null));
        using var second = new MemoryContext();
        using var checkpoint = new MemoryStream(first.Checkpoints[^1].Content);
        var resumed = Create(spec, TinyDataset.Manifest(Zip), Zip, [], second).Run(checkpoint);

        Assert.Equal(ReidJson.Write(straight.Settings), ReidJson.Write(alone.Settings));
        Assert.Equal(Weights(context), Weights(undisturbed));
        Assert.Equal(context.Checkpoints[^1].Content, second.Checkpoints[^1].Content);
        Assert.Equal(ReidJson.Write(straight.Settings), ReidJson.Write(resumed.Settings));
        Assert.Equal(ReidJson.Write(straight.CameraStatistics), ReidJson.Write(resumed.CameraStatistics));
        Assert.Equal(ReidJson.Write(straight.Insights), ReidJson.Write(resumed.Insights));
        Assert.Single(straight.History);

        static List<float> Weights(MemoryContext context)
        {
            using var file = new MemoryStream(context.Checkpoints[^1].Content);
            using var trained = Checkpoint.LoadModel(file);
            using var scope = NewDisposeScope();
            return [.. trained.Model.State().SelectMany(entry => entry.Value.to(float32).data<float>().ToArray())];
        }
    }

    [Fact]
    public void Weights_that_were_trained_camera_by_camera_are_never_shown_by_a_mixture_of_cameras_without_a_warning()
    {
        var byCamera = Short.Evaluation with { CameraStatistics = new CameraStatisticsSpec(2, 4) };
        var spec = Short with { CameraBatchNorm = new CameraBatchNormSpec(), Evaluation = byCamera };
        var (learned, network) = Train(spec);
        JobOutcome Evaluated(EvaluationSpec evaluation) => Do(new EvaluateSpec("tiny", network.Checkpoint) { Evaluation = evaluation }, Zip, network).Outcome;
        static bool IsSaid(JobOutcome outcome) => outcome.Warnings.Any(warning => warning.Contains("was trained with cameraBatchNorm, so its running batch-norm statistics are a mixture", StringComparison.Ordinal));

        var evaluated = Evaluated(byCamera);

        Assert.Equal(ReidJson.Write(learned.Settings), ReidJson.Write(evaluated.Settings));
        Assert.Equal(ReidJson.Write(learned.Insights), ReidJson.Write(evaluated.Insights));
        Assert.False(IsSaid(learned) || IsSaid(evaluated));
        Assert.True(IsSaid(Evaluated(Short.Evaluation)));
        Assert.True(IsSaid(Do(new ExplainSpec("tiny", network.Checkpoint) { Images = 2 }, Zip, network).Outcome));
        var student = Student() with { Method = new ViewDistillationSpec(network.Checkpoint, TeacherViews: 2, StudentViews: 1) };
        Assert.True(IsSaid(Train(student, network).Outcome));
    }

    /// <summary>Behind the neck the classifier needs no statistics; in front of it there are as many as cameras.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Class_scores_of_two_networks_are_compared_where_no_cameras_statistics_stand_between(bool afterNeck)
    {
        var (_, teacher) = Train(Short);
        var spec = new EvaluateSpec("tiny", teacher.Checkpoint)
        {
            Against = teacher.Checkpoint with { Peer = null },
            Evaluation = Short.Evaluation with { CameraStatistics = new CameraStatisticsSpec(2, 4), AfterNeck = afterNeck },
        };

        var outcome = Do(spec, Zip, teacher).Outcome;

        Assert.Equal(afterNeck ? 0 : null, outcome.Insights.Health!.LogitDivergence);
        Assert.Equal(!afterNeck, outcome.Warnings.Any(warning => warning.StartsWith("how far the class scores of the two models diverge is not measured", StringComparison.Ordinal)));
    }

    [Fact]
    public void Identities_that_are_held_back_are_measured_on_and_a_resumed_run_holds_the_same_back()
    {
        var spec = Short with { Validation = new ValidationSpec(2), Epochs = 2, Checkpoints = new CheckpointSpec(EveryEpochs: 1), Sampling = new SamplingSpec(4, 2) };
        var part = ValidationPart.Of(TinyDataset.Manifest(Zip), spec);
        var (straight, context) = Do(spec, part, Zip, []);
        using var first = new MemoryContext { StopAfterCheckpoints = 1 };
        Assert.ThrowsAny<OperationCanceledException>(() => Create(spec, part, Zip, [], first).Run(null));
        using var second = new MemoryContext();
        using var checkpoint = new MemoryStream(first.Checkpoints[^1].Content);
        var resumed = Create(spec, ValidationPart.Of(TinyDataset.Manifest(Zip), spec), Zip, [], second).Run(checkpoint);

        Assert.Equal(context.Checkpoints[^1].Content, second.Checkpoints[^1].Content);
        Assert.Equal(ReidJson.Write(straight.Settings), ReidJson.Write(resumed.Settings));
        Assert.Equal(ReidJson.Write(straight.Insights), ReidJson.Write(resumed.Insights));
        Assert.All(straight.Settings, setting => Assert.Equal((4, 4), (setting.Queries, setting.QueriesWithMatch)));
        Assert.Contains(straight.Warnings, warning => warning.StartsWith("measured on 2 training identities that were held back (4 queries, 4 in the gallery), and trained on the other 4", StringComparison.Ordinal));
        Assert.Contains(straight.Insights.Dataset.Findings, finding => finding.Code == "validation");
        Assert.Equal(part.Hash, straight.TrainedOnDatasetHash);
    }

    [Fact]
    public void What_some_cameras_saw_is_trained_on_distilled_and_measured_by_whether_they_saw_it()
    {
        var zip = TinyDataset.Zip(cameras: 3);
        var spec = Short with { Cameras = ["c2", "c1"], Sampling = new SamplingSpec(4, 2) };
        var whole = Lacking(TinyDataset.Manifest(zip));
        var part = CameraPart.Of(whole, spec);
        var (trained, context) = Do(spec, part, zip, []);
        var teacher = Keep(spec, context);
        var student = spec with { Method = new ViewDistillationSpec(teacher.Checkpoint, TeacherViews: 2, StudentViews: 1) };
        var distilled = Do(student, part, zip, [teacher]).Outcome;
        var refused = Assert.Throws<CheckpointException>(() => Do(student with { Cameras = [] }, whole, zip, [teacher]));
        var evaluated = Do(new EvaluateSpec("tiny", teacher.Checkpoint) { Evaluation = Short.Evaluation }, whole, zip, [teacher]).Outcome;
        var (elsewhere, all) = (whole with { Name = "another" }, Do(Short with { Sampling = spec.Sampling }, whole, zip, []).Outcome);
        var transferred = Do(new EvaluateSpec("another", teacher.Checkpoint) { Evaluation = Short.Evaluation }, elsewhere, zip, [teacher]).Outcome;

        using var file = File.OpenRead(teacher.File);
        using var model = Checkpoint.LoadModel(file);
        Assert.Equal(["0001", "0002", "0003", "0004", "0005"], model.Head!.Identities);
        Assert.Contains("trained only on what cameras c2, c1 saw: 80 frames of 5 identities", trained.Warnings);
        Assert.Equal(ReidJson.Write(trained.Settings), ReidJson.Write(distilled.Against!.Settings));
        Assert.Contains("5 of data set 'tiny', while this run has 6", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ReidJson.Write(trained.Settings), ReidJson.Write(evaluated.Settings));

        // Queries are the first camera's, which it did not see; the gallery the others'.
        Assert.Equal([(false, true, 12), (false, true, 12)], evaluated.KnownCameras.Select(figures => (figures.QueryKnown, figures.GalleryKnown, figures.Queries)));
        Assert.Equal(evaluated.Settings.Select(figures => (figures.Setting, figures.MapStandard, figures.Rank1)), evaluated.KnownCameras.Select(figures => (figures.Setting, figures.MapStandard, figures.Rank1)));
        Assert.Equal(evaluated.KnownCameras, trained.KnownCameras);
        Assert.Empty(all.KnownCameras);
        Assert.Equal([(false, false, 12), (false, false, 12)], transferred.KnownCameras.Select(figures => (figures.QueryKnown, figures.GalleryKnown, figures.Queries)));

        // The first identity was seen by the first camera only.
        static DatasetManifest Lacking(DatasetManifest manifest) => manifest with
        {
            Tracklets = [.. manifest.Tracklets.Where(tracklet => tracklet.Split != Split.Train || tracklet.Identity != 0 || manifest.Cameras[tracklet.Camera].Name == "c0")],
        };
    }

    [Fact]
    public void Without_cameras_the_camera_less_protocol_trains_and_measures()
    {
        var whole = TinyDataset.Manifest(Zip);
        var manifest = whole with { Cameras = [new Camera(Camera.Unknown)], Tracklets = [.. whole.Tracklets.Select(tracklet => tracklet with { Camera = 0 })] };

        var outcome = Do(Short with { Evaluation = Short.Evaluation with { Protocol = RetrievalProtocol.CameraLess } }, manifest, Zip, []).Outcome;

        Assert.All(outcome.Settings, setting => Assert.Equal((12, 12), (setting.Queries, setting.QueriesWithMatch)));
        Assert.All(outcome.Settings, setting => Assert.InRange(setting.MapStandard, 0.01, 1));
        Assert.All(outcome.Insights.Settings, setting => Assert.Empty(setting.CameraPairs));
    }

    [Fact]
    public void A_student_teaches_the_next_generation_which_resumes_to_the_last_bit()
    {
        var (_, teacher) = Train(Short);
        var (_, student) = Train(Student(), teacher);
        var next = Student() with
        {
            Method = new ViewDistillationSpec(student.Checkpoint, TeacherViews: 2, StudentViews: 1),
            Optimizer = new AdamSpec(1e-5),
            Epochs = 2,
            Checkpoints = new CheckpointSpec(EveryEpochs: 1),
        };
        var (straight, context) = Do(next, Zip, student);

        Assert.Equal([("teacher", student.Checkpoint, student.Sha256)], straight.Parents.Select(parent => (parent.Role, parent.Checkpoint, parent.CheckpointSha256)));
        using var first = new MemoryContext { StopAfterCheckpoints = 1 };
        Assert.ThrowsAny<OperationCanceledException>(() => Create(next, TinyDataset.Manifest(Zip), Zip, [student], first).Run(null));
        using var second = new MemoryContext();
        using var checkpoint = new MemoryStream(first.Checkpoints[^1].Content);
        Create(next, TinyDataset.Manifest(Zip), Zip, [student], second).Run(checkpoint);
        Assert.Equal(context.Checkpoints[^1].Content, second.Checkpoints[^1].Content);
    }

    [Fact]
    public void A_student_of_another_backbone_starts_from_its_own_first_stage_and_the_report_names_all_three()
    {
        var (_, teacher) = Train(Short with { Model = new ModelSpec(BackboneName.ResNet34) });
        var (_, firstStage) = Train(Short);
        var spec = Short with
        {
            Method = new ViewDistillationSpec(teacher.Checkpoint, TeacherViews: 2, StudentViews: 1) { Student = firstStage.Checkpoint },
            InitialWeights = firstStage.Checkpoint,
        };

        var outcome = Do(spec, Zip, teacher, firstStage).Outcome;

        Assert.Equal(["teacher", "student", "initialWeights"], outcome.Parents.Select(parent => parent.Role));
        Assert.Equal([teacher.Sha256, firstStage.Sha256, firstStage.Sha256], outcome.Parents.Select(parent => parent.CheckpointSha256));
    }

    [Fact]
    public void What_a_student_starts_from_must_know_the_identities_too_but_not_initial_weights()
    {
        var other = TinyDataset.Zip(identities: 14);
        var (_, elsewhere) = Train(Short);
        var here = Short with { Repeat = 1 };
        var (_, context) = Do(here, other);
        var teacher = Keep(here, context);
        var spec = Short with { Method = new ViewDistillationSpec(teacher.Checkpoint, TeacherViews: 2, StudentViews: 1) { Student = elsewhere.Checkpoint } };

        var fault = Assert.Throws<CheckpointException>(() => Do(spec, other, teacher, elsewhere));

        Assert.Contains("the student was trained on other identities", fault.Message, StringComparison.Ordinal);
        Do(Short with { InitialWeights = elsewhere.Checkpoint }, other, elsewhere);
    }

    [Fact]
    public void The_same_run_twice_ends_with_the_same_bytes_and_figures()
    {
        var (first, one) = Train(Short);
        var (second, two) = Train(Short);

        Assert.Equal(one.Sha256, two.Sha256);
        Assert.Equal(ReidJson.Write(first.Settings), ReidJson.Write(second.Settings));
    }

    [Fact]
    public void A_teacher_that_learned_other_identities_is_refused_by_name()
    {
        var (_, teacher) = Train(Short);

        var fault = Assert.Throws<CheckpointException>(() => Do(Student(), TinyDataset.Zip(identities: 14), teacher));

        Assert.Contains(teacher.Checkpoint.Run!, fault.Message, StringComparison.Ordinal);
        Assert.Contains("other identities", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pushed_weights_that_do_not_fit_or_are_not_whole_are_refused_by_their_name()
    {
        var seven = Pushed("seven", NetworkFiles.Reference(BackboneName.MobileNet, 7).Bytes());
        var headless = Pushed("headless", NetworkFiles.Torchvision(BackboneName.MobileNet).Bytes());
        var cut = Pushed("cut", NetworkFiles.Reference(BackboneName.MobileNet, 6).Bytes());
        File.WriteAllBytes(cut.File, File.ReadAllBytes(cut.File)[..^9]);
        var evaluate = new EvaluateSpec("tiny", cut.Checkpoint) { Input = Short.Input, Evaluation = Short.Evaluation };

        var fault = Assert.Throws<SpecException>(() => Do(Short with { InitialWeights = seven.Checkpoint }, Zip, seven));
        Assert.Contains("$.initialWeights: is of backbone mobilenet, while", fault.Message, StringComparison.Ordinal);
        Assert.Contains("weights 'seven': the teacher was trained on other identities", Refusal(Student(seven), seven), StringComparison.Ordinal);
        Assert.Contains("weights 'headless': the weights have no classifier", Refusal(Student(headless), headless), StringComparison.Ordinal);
        Assert.Contains("weights 'cut': 'classifier.classifier.weight' lies on", Refusal(evaluate, cut), StringComparison.Ordinal);

        TrainSpec Student(Parent teacher) => Short with { Method = new ViewDistillationSpec(teacher.Checkpoint, TeacherViews: 2, StudentViews: 1) };

        string Refusal(RunSpec spec, Parent parent) => Assert.Throws<CheckpointException>(() => Do(spec, Zip, parent)).Message;
    }

    [Fact]
    public void A_run_that_is_asked_to_stop_while_it_measures_stops()
    {
        var (_, teacher) = Train(Short);
        using var context = new MemoryContext();
        context.AskToStop();

        Assert.ThrowsAny<OperationCanceledException>(() => Do(new EvaluateSpec("tiny", teacher.Checkpoint), Zip, teacher, context));
    }

    [Fact]
    public void A_broken_frame_fails_the_run_by_its_name()
    {
        var manifest = TinyDataset.Manifest(Zip);
        var frames = new DatasetFrames(manifest, _ => [1, 2, 3], _folder, long.MaxValue);
        using var context = new MemoryContext();
        var job = JobRegistry.Create(Short, frames, new Dictionary<CheckpointRef, Parent>(), context, TimeProvider.System, CPU);

        var fault = Assert.Throws<FrameException>(() => job.Run(null));

        Assert.Contains("data set 'tiny', frame 'frames/", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_come_with_what_a_reader_must_know_about_the_data()
    {
        var manifest = TinyDataset.Manifest(Zip);

        // Of one identity every gallery tracklet is seen by the queries' camera: it has no match.
        var alone = manifest.Of(Split.Query).First().Identity;
        manifest = manifest with { Tracklets = [.. manifest.Tracklets.Select(tracklet => tracklet.Identity == alone ? tracklet with { Camera = 0 } : tracklet)] };
        var outcome = Do(Short with { Sampling = new SamplingSpec(4, 2) }, manifest, Zip, []).Outcome;

        Assert.Contains(outcome.Warnings, warning => warning.StartsWith(
            "image-to-video: 2 of 12 queries have no match in the gallery and are left out of the averages", StringComparison.Ordinal));
        Assert.Contains(outcome.Warnings, warning => warning.StartsWith("each epoch leaves 2 of 6 identities out", StringComparison.Ordinal));
        Assert.All(outcome.Settings, setting => Assert.Equal(10, setting.QueriesWithMatch));
    }

    [Fact]
    public void A_data_set_without_times_is_refused_for_a_protocol_that_needs_them()
    {
        var spec = Short with { Evaluation = new EvaluationSpec { Protocol = RetrievalProtocol.Atrw, Settings = [RetrievalSetting.ImageToImage] } };

        var fault = Assert.Throws<SpecException>(() => Do(spec, Zip));

        Assert.Contains("data set 'tiny' (layout csv) does not say", fault.Message, StringComparison.Ordinal);
    }

    public override void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    private static TrainSpec Student() =>
        Short with { Method = new ViewDistillationSpec(new CheckpointRef(RunId.Of(Short).ToString()), TeacherViews: 2, StudentViews: 1) };

    /// <summary>Trains and keeps the last checkpoint as another run's parent.</summary>
    private (JobOutcome Outcome, Parent Result) Train(TrainSpec spec, params Parent[] parents)
    {
        var (outcome, context) = Do(spec, Zip, parents);
        return (outcome, Keep(spec, context));
    }

    /// <summary>Weights as the store gives them.</summary>
    private Parent Pushed(string name, byte[] bytes)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllBytes(file, bytes);
        using var content = File.OpenRead(file);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return new Parent(CheckpointRef.Pushed(name), sha256, file, WeightsManifest.Of(content, name, sha256, null, null, default));
    }

    /// <summary>The last checkpoint as another run's parent.</summary>
    private Parent Keep(TrainSpec spec, MemoryContext context)
    {
        var checkpoint = context.Checkpoints[^1].Content;
        var run = new CheckpointRef(RunId.Of(spec).ToString());
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}");
        File.WriteAllBytes(file, checkpoint);
        return new Parent(run, Convert.ToHexStringLower(SHA256.HashData(checkpoint)), file);
    }

    private (JobOutcome Outcome, MemoryContext Context) Do(RunSpec spec, byte[] zip, params Parent[] parents) =>
        Do(spec, TinyDataset.Manifest(zip), zip, parents);

    private JobOutcome Do(RunSpec spec, byte[] zip, Parent parent, MemoryContext context) =>
        Create(spec, TinyDataset.Manifest(zip), zip, [parent], context).Run(null);

    private (JobOutcome Outcome, MemoryContext Context) Do(RunSpec spec, DatasetManifest manifest, byte[] zip, Parent[] parents)
    {
        using var context = new MemoryContext();
        return (Create(spec, manifest, zip, parents, context).Run(null), context);
    }

    private Job Create(RunSpec spec, DatasetManifest manifest, byte[] zip, Parent[] parents, MemoryContext context)
    {
        var archives = new ArchiveCache(manifest, Path.Combine(_folder, "archives"), (_, file, token) => File.WriteAllBytesAsync(file, zip, token));
        var frames = new DatasetFrames(manifest, archives.Read, _folder, long.MaxValue);
        return JobRegistry.Create(spec, frames, parents.ToDictionary(parent => parent.Checkpoint), context, TimeProvider.System, CPU);
    }
}
