using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Specs;

/// <summary>What mutual learning, its losses and the others demand of each other.</summary>
public sealed class MethodRulesTests
{
    private const string Run = "0123456789abcdef0123";

    private static readonly TrainSpec Mutual = new("market", new ModelSpec(BackboneName.ResNet50), new MutualLearningSpec()) { Sampling = new SamplingSpec(32, 4) };

    private static readonly TrainSpec Local = Mutual with
    {
        Model = new ModelSpec(BackboneName.ResNet50) { Local = new LocalBranchSpec() },
        Method = new SupervisedSpec(1) { Losses = [new TripletSpec { Margin = 0.3 }, new LocalTripletSpec()] },
    };

    [Fact]
    public void Mutual_learning_and_local_features_are_asked_for_as_published()
    {
        Assert.Empty(SpecRules.Check(Mutual));
        Assert.Empty(SpecRules.Check(Mutual with { Method = new MutualLearningSpec(4) { Alone = new CheckpointRef(Run) { Peer = 2 } }, Sampling = new SamplingSpec(32, 4) { KeepLastBatch = true } }));
        Assert.Empty(SpecRules.Check(Local));
        Assert.Empty(SpecRules.Check(Local with { Method = new MutualLearningSpec { Losses = [new TripletSpec(), new LocalTripletSpec(), new MutualLocalDistanceSpec()] } }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void There_are_two_to_eight_peers(int peers) => Refuses(Mutual with { Method = new MutualLearningSpec(peers) }, "$.method.peers", "2 to 8");

    [Fact]
    public void A_peer_sees_some_views() => Refuses(Mutual with { Method = new MutualLearningSpec { Views = 0 } }, "$.method.views", "1 to 64");

    [Fact]
    public void Peers_learn_from_each_other() =>
        Refuses(Mutual with { Method = new MutualLearningSpec { Losses = [new TripletSpec()] } }, "$.method.losses", "learns from the other peers");

    [Theory]
    [InlineData("mutual-probability")]
    [InlineData("mutual-distance")]
    [InlineData("mutual-local-distance")]
    public void Mutual_losses_need_mutual_learning(string kind) => Refuses(
        Local with { Method = new SupervisedSpec(1) { Losses = [new LocalTripletSpec(), Of(kind)] } }, "$.method.losses[1]", $"needs other peers, which method 'supervised' has not: leave '{kind}' out");

    [Fact]
    public void Variational_distillation_and_branches_belong_together()
    {
        var branched = new ModelSpec(BackboneName.ResNet50) { MultiView = new MultiViewSpec(MultiViewStyle.Pytorch) };
        var mvd = Mutual with { Model = branched, Method = new VariationalDistillationSpec() };

        Assert.Empty(SpecRules.Check(mvd));
        Assert.Empty(SpecRules.Check(mvd with { Optimizer = new AdamSpec(1e-4) { Groups = [new ParameterGroupSpec(ParameterKind.Bottlenecks, 10), new ParameterGroupSpec(ParameterKind.Head, 2)] } }));
        Refuses(mvd with { Model = new ModelSpec(BackboneName.ResNet50) }, "$.model.multiView", "is missing");
        Refuses(mvd with { Method = new SupervisedSpec(1) }, "$.model.multiView", "must be left out with method 'supervised'");
        Refuses(mvd with { Method = new VariationalDistillationSpec { Losses = [new CrossEntropySpec(), new CenterSpec()] } }, "$.method.losses[1]", "whose outputs are of several sizes");
        Refuses(mvd with { Method = new VariationalDistillationSpec { Losses = [new CrossEntropySpec()] }, Sampling = new SamplingSpec(8, 4) { Views = ViewSelection.MultiView } }, "$.sampling.views", "one image each is seen");
        Refuses(mvd with { Method = new VariationalDistillationSpec { Losses = [new CrossEntropySpec(), new SelfDistillationSpec { Temperature = 0 }] } }, "$.method.losses[1].temperature", "greater than 0");
        Refuses(
            mvd with { Optimizer = new AdamSpec(1e-4) { Groups = [new ParameterGroupSpec(ParameterKind.Head, 2), new ParameterGroupSpec(ParameterKind.Bottlenecks, 10)] } },
            "$.optimizer.groups[1]",
            "put the narrower group first");
    }

    [Fact]
    public void What_goes_across_modalities_needs_both_in_training()
    {
        var mvd = Mutual with { Model = new ModelSpec(BackboneName.ResNet50) { MultiView = new MultiViewSpec(MultiViewStyle.Pytorch) }, Method = new VariationalDistillationSpec() };
        var mixed = Mutual with { Sampling = new SamplingSpec(8, 4) { Modalities = ModalityMix.VisibleFirst } };
        var ranked = Mutual with { Method = new SupervisedSpec(1) { Losses = [new CrossEntropySpec(), new RankSpec()] } };

        foreach (var (spec, path) in ((TrainSpec, string)[])[(mvd, "$.method"), (mixed, "$.sampling.modalities"), (ranked, "$.method.losses[1]")])
        {
            var fault = CameraRules.Fault(spec, hasCameras: true, areBothTrained: false);
            Assert.Equal(path, fault?.Path);
            Assert.Contains("needs training images of visible and of infrared cameras, and data set 'market' is not known to have both", fault?.Message, StringComparison.Ordinal);
            Assert.Null(CameraRules.Fault(spec, hasCameras: true, areBothTrained: true));
        }

        Assert.Null(CameraRules.Fault(Mutual, hasCameras: true, areBothTrained: false));
    }

    [Theory]
    [InlineData("local-triplet")]
    [InlineData("mutual-local-distance")]
    public void Local_losses_need_a_local_branch(string kind) => Refuses(
        Mutual with { Method = new MutualLearningSpec { Losses = [new MutualDistanceSpec(), Of(kind)] } }, "$.method.losses[1]", $"set $.model.local, or leave '{kind}' out");

    [Theory]
    [InlineData("optimal-transport")]
    [InlineData("self-distillation")]
    [InlineData("cross-distillation")]
    [InlineData("mutual-distillation")]
    public void Losses_between_branches_need_branches(string kind) => Refuses(
        Mutual with { Method = new SupervisedSpec(1) { Losses = [new TripletSpec(), Of(kind)] } }, "$.method.losses[1]", $"needs branches that learn from each other, which method 'supervised' has not: leave '{kind}' out");

    [Theory]
    [InlineData("rank")]
    [InlineData("center-triplet")]
    public void Losses_that_tell_modalities_apart_need_sets_that_one_of_them_saw(string kind)
    {
        var supervised = Mutual with { Method = new SupervisedSpec(1) { Losses = [new TripletSpec(), Of(kind)] } };

        Assert.Empty(SpecRules.Check(supervised));
        Refuses(supervised with { Sampling = new SamplingSpec(8, 4) { Views = ViewSelection.MultiView } }, "$.sampling.views", $"must not be 'multi-view' with '{kind}'");
        Refuses(
            Mutual with { Method = new MutualLearningSpec { Losses = [new MutualDistanceSpec(), Of(kind)] } }, "$.method.losses[1]", $"with 'mutual-learning' it is not known what saw a set; leave '{kind}' out");
    }

    [Fact]
    public void Batches_across_modalities_have_halves()
    {
        var half = Mutual with { Sampling = new SamplingSpec(8, 4) { Modalities = ModalityMix.Interleaved } };

        Assert.Empty(SpecRules.Check(half));
        Assert.Empty(SpecRules.Check(half with { Sampling = new SamplingSpec(8, 8) { Draw = IdentityDraw.AnyIdentities, Modalities = ModalityMix.VisibleFirst, WithReplacement = true } }));
        Refuses(half with { Sampling = half.Sampling with { Tracklets = 3 } }, "$.sampling.tracklets", "must be even where $.sampling.modalities is 'interleaved'");
        Refuses(half with { Sampling = half.Sampling with { Draw = IdentityDraw.EachTrackletOnce } }, "$.sampling.modalities", "each-tracklet-once");
        Refuses(half with { Sampling = half.Sampling with { Views = ViewSelection.MultiView } }, "$.sampling.views", "its views are of any of an identity's tracklets");
        Refuses(Mutual with { Sampling = new SamplingSpec(8, 4) { Draw = IdentityDraw.EachTrackletOnce, WithReplacement = true } }, "$.sampling.withReplacement", "says the opposite");
        Refuses(Mutual with { Augmentation = new AugmentationSpec { GreyProbability = 1.5 } }, "$.augmentation.greyProbability", "0 to 1");
    }

    [Fact]
    public void A_local_branch_that_nothing_trains_has_no_effect() =>
        Refuses(Local with { Method = new SupervisedSpec(1) }, "$.model.local", "none of $.method.losses trains it");

    [Fact]
    public void Losses_have_ranges()
    {
        Refuses(With(new LocalTripletSpec { Margin = -1 }), "$.method.losses[1].margin", "at least 0");
        Refuses(With(new CenterSpec { LearningRate = 0 }), "$.method.losses[1].learningRate", "greater than 0");
        Refuses(With(new CircleSpec { Margin = 1 }), "$.method.losses[1].margin", "less than 1");
        Refuses(With(new CircleSpec { Scale = double.PositiveInfinity }), "$.method.losses[1].scale", "greater than 0");
        Refuses(Apart(new RankSpec { Margin = 2.3 }), "$.method.losses[1].margin", "0 to boundary (2.2)");
        Refuses(Apart(new RankSpec { CrossMargin = -1 }), "$.method.losses[1].crossMargin", "0 to crossBoundary (2)");
        Refuses(Apart(new CenterTripletSpec { Margin = double.NaN }), "$.method.losses[1].margin", "at least 0");

        static TrainSpec Apart(LossSpec loss) => Mutual with { Method = new SupervisedSpec(1) { Losses = [new CrossEntropySpec(), loss] } };

        static TrainSpec With(LossSpec loss) => Local with { Method = new MutualLearningSpec { Losses = [new MutualLocalDistanceSpec(), loss] } };
    }

    [Fact]
    public void Losses_of_pairs_need_pairs()
    {
        Refuses(Local with { Method = new SupervisedSpec(2) { Losses = [new LocalTripletSpec()] }, Sampling = new SamplingSpec(4, 1) }, "$.sampling.tracklets", "at least 2 with a triplet loss");
        Refuses(Mutual with { Method = new SupervisedSpec(2) { Losses = [new CircleSpec()] }, Sampling = new SamplingSpec(1, 4) }, "$.sampling.identities", "at least 2 with a circle loss");
        Refuses(
            Mutual with { Method = new SupervisedSpec(2) { Losses = [new CrossEntropySpec()] }, Sampling = new SamplingSpec(4, 1) { KeepLastBatch = true } },
            "$.sampling.keepLastBatch",
            "batch normalization leaves nothing");
    }

    [Fact]
    public void A_peer_is_named_of_a_run()
    {
        var evaluate = new EvaluateSpec("market", new CheckpointRef(Run) { Peer = 2 });

        Assert.Empty(SpecRules.Check(evaluate));
        Refuses(evaluate with { Checkpoint = new CheckpointRef(Run) { Peer = 0 } }, "$.checkpoint.peer", "at least 1");
        Refuses(evaluate with { Checkpoint = CheckpointRef.Pushed("base") with { Peer = 1 }, Input = new InputSpec() }, "$.checkpoint.peer", "no meaning for pushed weights");
        StartRules.RequirePeer("$.checkpoint", evaluate.Checkpoint, Mutual);
        Assert.Contains("must be at most 2, the number of peers", Refusal(new CheckpointRef(Run) { Peer = 3 }, Mutual), StringComparison.Ordinal);
        Assert.Contains("no run of mutual learning", Refusal(evaluate.Checkpoint, Local), StringComparison.Ordinal);

        static string Refusal(CheckpointRef checkpoint, RunSpec theirs)
        {
            var fault = Assert.Throws<SpecException>(() => StartRules.RequirePeer("$.checkpoint", checkpoint, theirs));
            Assert.Equal("$.checkpoint.peer", Assert.Single(fault.Errors).Path);
            return fault.Message;
        }
    }

    [Fact]
    public void Groups_of_parameters_change_something()
    {
        Refuses(With(new ParameterGroupSpec(ParameterKind.Head)), "$.optimizer.groups[0]", "changes nothing");
        Refuses(With(new ParameterGroupSpec(ParameterKind.Head, -1)), "$.optimizer.groups[0].learningRateFactor", "greater than 0");
        Refuses(With(new ParameterGroupSpec(ParameterKind.Head) { WeightDecay = 1 }), "$.optimizer.groups[0].weightDecay", "less than 1");
        Refuses(With(new ParameterGroupSpec(ParameterKind.Head, 2), new ParameterGroupSpec(ParameterKind.Head, 3)), "$.optimizer.groups[1]", "groups before it");
        Refuses(
            With(new ParameterGroupSpec(ParameterKind.Backbone, 2), new ParameterGroupSpec(ParameterKind.Head, 3), new ParameterGroupSpec(ParameterKind.Biases, 3)),
            "$.optimizer.groups[2]",
            "put the narrower group first");
        Assert.Empty(SpecRules.Check(With(new ParameterGroupSpec(ParameterKind.Biases) { WeightDecay = 0 }, new ParameterGroupSpec(ParameterKind.Backbone, 0.1))));

        static TrainSpec With(params ParameterGroupSpec[] groups) => Mutual with { Optimizer = new SgdSpec(0.1) { Groups = groups } };
    }

    [Fact]
    public void Schedules_have_ranges()
    {
        Refuses(With(new ExponentialSpec(0)), "$.schedule.startEpoch", "1 to 60");
        Refuses(With(new ExponentialSpec(61)), "$.schedule.startEpoch", "1 to 60");
        Refuses(With(new ExponentialSpec(20, 1)), "$.schedule.finalFactor", "between 0 and 1");
        Refuses(With(new CosineSpec(1)), "$.schedule.finalFactor", "less than 1");
        Refuses(With(new ConstantSpec { Warmup = new WarmupSpec(1) }), "$.schedule.warmup.epochs", "from 2 to the number of epochs (60)");
        Refuses(With(new ConstantSpec { Warmup = new WarmupSpec(61) }), "$.schedule.warmup.epochs", "was 61");
        Refuses(With(new ConstantSpec { Warmup = new WarmupSpec(10, 1) }), "$.schedule.warmup.startFactor", "less than 1");
        Assert.Empty(SpecRules.Check(With(new CosineSpec { Warmup = new WarmupSpec() })));

        static TrainSpec With(ScheduleSpec schedule) => Mutual with { Epochs = 60, Schedule = schedule };
    }

    private static LossSpec Of(string kind) => kind switch
    {
        "mutual-probability" => new MutualProbabilitySpec(),
        "mutual-distance" => new MutualDistanceSpec(),
        "mutual-local-distance" => new MutualLocalDistanceSpec(),
        "rank" => new RankSpec(),
        "center-triplet" => new CenterTripletSpec(),
        "optimal-transport" => new OptimalTransportSpec(),
        "self-distillation" => new SelfDistillationSpec(),
        "cross-distillation" => new CrossDistillationSpec(),
        "mutual-distillation" => new MutualDistillationSpec(),
        _ => new LocalTripletSpec(),
    };

    private static void Refuses(RunSpec spec, string path, string message)
    {
        var error = Assert.Single(SpecRules.Check(spec));
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
