using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Models;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

public sealed class ViewDistillationTests : TorchTests
{
    private static readonly ViewDistillationSpec Spec = new(new CheckpointRef("teacher"), TeacherViews: 5, StudentViews: 2);

    [Fact]
    public void Each_set_gets_its_own_views_and_the_same_position_the_same_ones()
    {
        using var scope = NewDisposeScope();
        using var teacher = TrainingCases.Teacher();
        using var student = TrainingCases.Teacher();
        var method = new ViewDistillation(Spec, 1897, teacher, student);

        long[] views = method.StudentViews(200, 3, 4).data<long>().ToArray();

        Assert.Equal(views, method.StudentViews(200, 3, 4).data<long>().ToArray());
        Assert.NotEqual(views, method.StudentViews(200, 3, 5).data<long>().ToArray());
        Assert.All(views.Chunk(2), pair => Assert.NotEqual(pair[0], pair[1]));
        Assert.Equal(20, views.Chunk(2).Select(pair => (pair[0], pair[1])).Distinct().Count());
    }

    [Fact]
    public void A_student_is_its_teachers_copy_but_for_the_last_stage_and_the_head()
    {
        using var teacher = TrainingCases.Teacher();
        using var student = ViewDistillation.NewStudent(Spec, teacher.Spec, 1, teacher);

        foreach (var ((name, ours), (_, theirs)) in student.State().Zip(teacher.State()).Where(pair => pair.First.Name.EndsWith("weight", StringComparison.Ordinal)))
        {
            Assert.True(student.IsReinitialized(name) || ours.bytes.SequenceEqual(theirs.bytes), name);
        }

        Assert.Contains(student.State().Zip(teacher.State()), pair => !pair.First.Value.bytes.SequenceEqual(pair.Second.Value.bytes));
    }

    [Fact]
    public void Without_reinitialization_the_student_is_the_teachers_copy_and_with_another_backbone_a_network_of_its_own()
    {
        using var teacher = TrainingCases.Teacher();
        using var copy = ViewDistillation.NewStudent(Spec with { ReinitializeLastStage = false }, teacher.Spec, 1, teacher);
        using var other = ViewDistillation.NewStudent(Spec, teacher.Spec with { Backbone = BackboneName.ResNet34 }, 1, teacher);

        Assert.Equal(ReidModelTests.Bytes(teacher), ReidModelTests.Bytes(copy));
        Assert.Equal(BackboneName.ResNet34, other.Spec.Backbone);
        Assert.Equal(teacher.Identities, other.Identities);
        var thrown = Assert.Throws<SpecException>(() => ViewDistillation.NewStudent(
            Spec with { ReinitializeLastStage = false }, teacher.Spec with { Backbone = BackboneName.ResNet34 }, 1, teacher));
        Assert.Equal("$.method.reinitializeLastStage", Assert.Single(thrown.Errors).Path);
    }
}
