using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
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
}
