using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Specs;

/// <summary>The studies of VKD §13.3, each as a spec that is accepted, beside those of its options that the code has and the paper does not show.</summary>
public sealed class AblationTests
{
    private static readonly ViewDistillationSpec Method = new(new CheckpointRef("0123456789abcdef0123"));

    private static readonly TrainSpec Student = new("mars", new ModelSpec(BackboneName.ResNet50), Method)
    {
        Sampling = new SamplingSpec(12, 4) { Views = ViewSelection.MultiView },
        Schedule = new MultiStepSpec([300, 450]),
        Epochs = 500,
        InitialWeights = CheckpointRef.Pushed("imagenet-resnet50"),
    };

    private static readonly TrainSpec NoDistillation = Student with { Method = new SupervisedSpec() };

    private static readonly LossSpec[] Losses = [new CrossEntropySpec(), new TripletSpec(), new LogitDistillationSpec(), new DistancePreservationSpec()];

    /// <summary>Which of CE, TR, KD, DP are left, as bits.</summary>
    public static TheoryData<int> Subsets => [.. Enumerable.Range(1, 15)];

    public static TheoryData<string, TrainSpec> Studies => new()
    {
        { "viewpoints against time: frames of one tracklet, the same ones", Student with { Sampling = Student.Sampling with { Views = ViewSelection.Temporal } } },
        { "viewpoints against time: frames of one tracklet, random ones", Student with { Sampling = Student.Sampling with { Views = ViewSelection.Random } } },
        { "no distillation, multi-view images", With(new SupervisedSpec(Views: 2), ViewSelection.MultiView) },
        { "no distillation, one multi-view image", With(new SupervisedSpec(Views: 1), ViewSelection.MultiView) },
        { "a teacher of frames at fixed times", With(new SupervisedSpec(Views: 8), ViewSelection.Temporal) },
        { "a teacher of random frames", With(new SupervisedSpec(Views: 8), ViewSelection.Random) },
        { "matched logits", Student with { Method = Method with { Losses = [new TripletSpec(), new CrossEntropySpec(), new DistancePreservationSpec(), new LogitMatchingSpec()] } } },
        { "another weight of each loss", Student with { Method = Method with { Losses = [.. Losses.Select(loss => loss with { Weight = 0.5 })] } } },
        { "another temperature", Student with { Method = Method with { Losses = [new LogitDistillationSpec { Temperature = 4 }] } } },
        { "fewer views", Student with { Method = Method with { TeacherViews = 4, StudentViews = 1 } } },
        { "the student sees all", Student with { Method = Method with { StudentViews = 8 } } },
        { "the whole teacher is kept", Student with { Method = Method with { ReinitializeLastStage = false }, InitialWeights = null } },
        { "the second generation", Student with { Optimizer = new AdamSpec(1e-5) } },
        { "cross-distillation", Student with { Method = Method with { Student = new CheckpointRef("0123456789abcdef0124") } } },
        { "from random weights", Student with { InitialWeights = null } },
    };

    /// <summary>Without KD and DP there is nothing to learn from a teacher: that study is supervised training on the same views.</summary>
    [Theory]
    [MemberData(nameof(Subsets))]
    public void Any_of_the_losses_may_be_left_out(int subset)
    {
        LossSpec[] kept = [.. Losses.Where((_, i) => (subset & (1 << i)) != 0)];
        var learnsFromTeacher = kept.Any(loss => loss is LogitDistillationSpec or DistancePreservationSpec);

        Assert.Empty(SpecRules.Check(learnsFromTeacher
            ? Student with { Method = Method with { Losses = kept } }
            : NoDistillation with { Method = new SupervisedSpec(Views: 2) { Losses = kept } }));
    }

    [Fact]
    public void A_weight_of_zero_is_told_that_a_loss_is_left_out_instead()
    {
        var error = Assert.Single(SpecRules.Check(Student with { Method = Method with { Losses = [.. Losses[..3], new DistancePreservationSpec { Weight = 0 }] } }));

        Assert.Equal(("$.method.losses[3].weight", "must be greater than 0, was 0; to do without 'distance-preservation', leave it out of the list"), (error.Path, error.Message));
    }

    [Theory]
    [MemberData(nameof(Studies))]
    public void Every_study_is_a_spec(string study, TrainSpec spec) => Assert.True(SpecRules.Check(spec).Count == 0, $"{study}: {string.Join("; ", SpecRules.Check(spec))}");

    /// <summary>The batches of the published teacher on VeRi-776, and of the largest: 384 images of 256 × 128, or 224 × 224.</summary>
    [Theory]
    [InlineData(18, 4, 1, 224, 224)]
    [InlineData(8, 4, 8, 256, 128)]
    [InlineData(12, 4, 8, 256, 128)]
    [InlineData(12, 4, 8, 224, 224)]
    public void Published_batches_are_accepted(int identities, int tracklets, int views, int height, int width) => Assert.Empty(SpecRules.Check(
        NoDistillation with { Sampling = new SamplingSpec(identities, tracklets), Method = new SupervisedSpec(views), Input = new InputSpec(height, width) }));

    private static TrainSpec With(SupervisedSpec method, ViewSelection views) =>
        NoDistillation with { Method = method, Sampling = NoDistillation.Sampling with { Views = views } };
}
