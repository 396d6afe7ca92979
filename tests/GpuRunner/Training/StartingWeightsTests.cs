using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Models;
using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

/// <summary>Networks are told apart by a number that fills every entry: whose number an entry has, from there it is.</summary>
public sealed class StartingWeightsTests : TorchTests
{
    private const int Identities = 4;
    private const float Teachers = 2;
    private const float Initials = 3;
    private const float Own = 4;

    private static readonly CheckpointRef Initial = CheckpointRef.Pushed("initial");
    private static readonly CheckpointRef FirstStage = new("0123456789abcdef0123");

    private static readonly TrainSpec Supervised = new("test", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec());

    [Fact]
    public void A_supervised_backbone_starts_from_the_initial_weights_and_its_head_is_drawn()
    {
        using var drawn = Fresh(Supervised, "model", Identities, Nothing);
        using var started = Fresh(Supervised with { InitialWeights = Initial }, "model", Identities, Load(BackboneName.ResNet18));

        Assert.All(started.State().Where(entry => IsBackbone(entry.Name)), entry => Assert.Equal(Initials, Fill(entry.Value)));
        Assert.Equal(Bytes(drawn, name => !IsBackbone(name)), Bytes(started, name => !IsBackbone(name)));
    }

    [Fact]
    public void Attention_is_drawn_where_the_initial_weights_have_none()
    {
        var spec = Supervised with { Model = new ModelSpec(BackboneName.ResNet50Bam) };
        using var drawn = Fresh(spec, "model", Identities, Nothing);
        var (started, warnings) = StartingWeights.Fresh(spec with { InitialWeights = Initial }, "model", Identities, Load(BackboneName.ResNet50));
        using var owned = started;

        Assert.All(started.State().Where(entry => IsBackbone(entry.Name) && !IsAttention(entry.Name)), entry => Assert.Equal(Initials, Fill(entry.Value)));
        Assert.Equal(Bytes(drawn, IsAttention), Bytes(started, IsAttention));
        Assert.NotEmpty(Bytes(started, IsAttention));
        Assert.Contains(".bam.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BackboneName.ResNet18, BackboneName.ResNet34)]
    [InlineData(BackboneName.ResNet50, BackboneName.ResNet50Bam)]
    public void Initial_weights_of_another_backbone_are_refused_by_name(BackboneName ours, BackboneName theirs)
    {
        var spec = Supervised with { Model = new ModelSpec(ours), InitialWeights = Initial };

        var refusal = Assert.Throws<SpecException>(() => StartingWeights.Fresh(spec, "model", Identities, Load(theirs)));

        Assert.Equal("$.initialWeights", Assert.Single(refusal.Errors).Path);
        Assert.Contains(NameConverterFactory.NameOf(theirs), refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BackboneName.ResNet34, "backbone.features_layers.4.")]
    [InlineData(BackboneName.ResNet50Bam, "backbone.features_layers.4.")]
    [InlineData(BackboneName.DenseNet121, "backbone.features_layers.10.")]
    public void A_student_is_its_teachers_copy_but_for_the_last_stage_statistics_included_and_the_head(BackboneName backbone, string lastStage)
    {
        var (spec, method) = Student(backbone);
        using var teacher = Filled(backbone, Teachers);
        using var student = Student(spec with { InitialWeights = Initial }, method, teacher, Load(StartRules.WithoutAttention(backbone)));
        using var drawn = Student(spec, method, teacher, Nothing);

        foreach (var (name, value) in student.State().Where(entry => IsBackbone(entry.Name)))
        {
            Assert.Equal(name.StartsWith(lastStage, StringComparison.Ordinal) ? Initials : Teachers, Fill(value));
        }

        Assert.All(drawn.State().Where(entry => IsBackbone(entry.Name) && !entry.Name.StartsWith(lastStage, StringComparison.Ordinal)), entry => Assert.Equal(Teachers, Fill(entry.Value)));
        Assert.Equal(Bytes(drawn, name => !IsBackbone(name)), Bytes(student, name => !IsBackbone(name)));
        AssertFresh(student);
        AssertFresh(drawn);
        var running = drawn.State().First(entry => entry.Name.StartsWith(lastStage, StringComparison.Ordinal) && entry.Name.EndsWith("running_mean", StringComparison.Ordinal));
        Assert.Equal(0, Fill(running.Value));
    }

    [Fact]
    public void Of_mobilenet_only_the_head_starts_afresh()
    {
        var (spec, method) = Student(BackboneName.MobileNet);
        using var teacher = Filled(BackboneName.MobileNet, Teachers);
        using var student = Student(spec, method, teacher, Nothing);

        Assert.All(student.State().Where(entry => IsBackbone(entry.Name)), entry => Assert.Equal(Teachers, Fill(entry.Value)));
        AssertFresh(student);
        var refusal = Assert.Throws<SpecException>(() => StartingWeights.Student(spec with { InitialWeights = Initial }, method, teacher, Nothing));
        Assert.Equal("$.initialWeights", Assert.Single(refusal.Errors).Path);
    }

    [Fact]
    public void Across_backbones_a_student_starts_from_its_own_first_stage()
    {
        var (spec, method) = Student(BackboneName.ResNet18);
        using var teacher = Filled(BackboneName.ResNet34, Teachers);
        using var student = Student(
            spec with { InitialWeights = Initial }, method with { Student = FirstStage }, teacher, Load(BackboneName.ResNet18));

        foreach (var (name, value) in student.State().Where(entry => IsBackbone(entry.Name)))
        {
            Assert.Equal(name.StartsWith("backbone.features_layers.4.", StringComparison.Ordinal) ? Initials : Own, Fill(value));
        }

        AssertFresh(student);
        var refusal = Assert.Throws<SpecException>(
            () => StartingWeights.Student(spec, method with { Student = FirstStage }, teacher, Load(BackboneName.ResNet34)));
        Assert.Equal("$.method.student", Assert.Single(refusal.Errors).Path);
    }

    [Fact]
    public void Across_backbones_without_a_first_stage_a_student_is_a_fresh_network()
    {
        var (spec, method) = Student(BackboneName.ResNet18);
        using var teacher = Filled(BackboneName.ResNet34, Teachers);
        using var student = Student(spec with { InitialWeights = Initial }, method, teacher, Load(BackboneName.ResNet18));

        Assert.All(student.State().Where(entry => IsBackbone(entry.Name)), entry => Assert.Equal(Initials, Fill(entry.Value)));
        AssertFresh(student);
        var refusal = Assert.Throws<SpecException>(
            () => StartingWeights.Student(spec, method with { ReinitializeLastStage = false }, teacher, Nothing));
        Assert.Equal("$.method.reinitializeLastStage", Assert.Single(refusal.Errors).Path);
    }

    [Fact]
    public void Without_reinitialization_nothing_is_touched()
    {
        var (spec, method) = Student(BackboneName.ResNet18);
        using var teacher = Filled(BackboneName.ResNet18, Teachers);
        using var copy = Student(spec, method with { ReinitializeLastStage = false }, teacher, Nothing);
        using var own = Student(
            spec, method with { ReinitializeLastStage = false, Student = FirstStage }, teacher, Load(BackboneName.ResNet18));

        Assert.Equal(ReidModelTests.Bytes(teacher), ReidModelTests.Bytes(copy));
        Assert.All(own.State(), entry => Assert.Equal(Own, Fill(entry.Value)));
    }

    [Fact]
    public void A_student_may_have_another_head_than_its_teacher_unless_it_is_to_keep_the_teachers()
    {
        var (spec, method) = Student(BackboneName.ResNet18);
        spec = spec with { Model = spec.Model with { Neck = NeckName.None, Local = new(8) } };
        using var teacher = Filled(BackboneName.ResNet18, Teachers);
        using var student = Student(spec, method, teacher, Nothing);

        Assert.All(student.State().Where(entry => IsBackbone(entry.Name) && !student.IsReinitialized(entry.Name)), entry => Assert.Equal(Teachers, Fill(entry.Value)));
        var refusal = Assert.Throws<SpecException>(() => StartingWeights.Student(spec, method with { ReinitializeLastStage = false }, teacher, Nothing));
        Assert.Equal("$.method.reinitializeLastStage", Assert.Single(refusal.Errors).Path);
        Assert.Contains("another pooling, neck or local branch", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A pushed network does not tell its stride, so a difference may well be meant.</summary>
    [Fact]
    public void A_student_that_computes_another_last_stage_with_its_teachers_weights_is_warned_of()
    {
        var (spec, method) = Student(BackboneName.ResNet18);
        spec = spec with { Model = spec.Model with { FinalRelu = true } };
        using var teacher = Filled(BackboneName.ResNet18, Teachers);

        var (kept, warnings) = StartingWeights.Student(spec, method with { ReinitializeLastStage = false }, teacher, Nothing);
        using var first = kept;
        var (afresh, none) = StartingWeights.Student(spec, method, teacher, Nothing);
        using var second = afresh;

        Assert.EndsWith("lastStride 1 and finalRelu true against 1 and false there", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Empty(none);
    }

    [Fact]
    public void The_rules_know_which_backbones_have_a_last_stage_to_start_afresh() => Assert.All(
        Enum.GetValues<BackboneName>(),
        name =>
        {
            using var model = ReidModel.Of(new ModelSpec(name), 1);
            Assert.Equal(StartRules.HasLastStage(name), model.State().Any(entry => IsBackbone(entry.Name) && model.IsReinitialized(entry.Name)));
        });

    private static ReidModel Fresh(TrainSpec spec, string role, int identities, LoadWeights load) => StartingWeights.Fresh(spec, role, identities, load).Model;

    private static ReidModel Student(TrainSpec spec, ViewDistillationSpec method, ReidModel teacher, LoadWeights load) =>
        StartingWeights.Student(spec, method, teacher, load).Model;

    private static (TrainSpec Spec, ViewDistillationSpec Method) Student(BackboneName backbone)
    {
        var method = new ViewDistillationSpec(new CheckpointRef("teacher"));
        return (Supervised with { Model = new ModelSpec(backbone), Method = method }, method);
    }

    private static LoadWeights Load(BackboneName backbone) => (weights, role) => weights == Initial
        ? role is null ? new TrainedModel(Filled(backbone, Initials, identities: 1000), null) : throw new ArgumentException("initial weights have no role")
        : role == "student" ? new TrainedModel(Filled(backbone, Own), null) : throw new ArgumentException($"{weights} as {role}");

    private static TrainedModel Nothing(CheckpointRef weights, string? role) => throw new ArgumentException($"{weights} is not to be loaded");

    private static ReidModel Filled(BackboneName backbone, float value, int identities = Identities)
    {
        using var frozen = no_grad();
        var model = ReidModel.Of(new ModelSpec(backbone), identities);
        foreach (var (_, entry) in model.State())
        {
            entry.fill_(value);
        }

        return model;
    }

    /// <summary>The one number that fills an entry, NaN if it holds several.</summary>
    private static float Fill(Tensor entry)
    {
        using var scope = NewDisposeScope();
        var (least, most) = (entry.detach().min().to(ScalarType.Float32).item<float>(), entry.detach().max().to(ScalarType.Float32).item<float>());
        return least == most ? least : float.NaN;
    }

    private static void AssertFresh(ReidModel model)
    {
        var head = model.State().Where(entry => !IsBackbone(entry.Name)).ToDictionary(entry => entry.Name["classifier.".Length..], entry => entry.Value);
        Assert.Equal(
            (1, 0, 0, 1, 0),
            (Fill(head["bottleneck.weight"]), Fill(head["bottleneck.bias"]), Fill(head["bottleneck.running_mean"]), Fill(head["bottleneck.running_var"]), Fill(head["bottleneck.num_batches_tracked"])));
        Assert.Equal(float.NaN, Fill(head["classifier.weight"]));
        Assert.Equal(Identities, model.Identities);
    }

    private static bool IsBackbone(string name) => name.StartsWith("backbone.", StringComparison.Ordinal);

    private static bool IsAttention(string name) => name.Contains(".bam.", StringComparison.Ordinal);

    private static IEnumerable<byte> Bytes(ReidModel model, Func<string, bool> which) =>
        [.. model.State().Where(entry => which(entry.Name)).SelectMany(entry => entry.Value.bytes.ToArray())];
}
