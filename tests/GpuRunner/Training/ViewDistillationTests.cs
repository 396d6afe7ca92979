using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

public sealed class ViewDistillationTests : TorchTests
{
    private static readonly ViewDistillationSpec Spec = new(new CheckpointRef("teacher"), TeacherViews: 5, StudentViews: 2);

    [Fact]
    public void Each_set_gets_its_own_views_and_the_same_position_the_same_ones()
    {
        var views = StudentViews.Draw(1897, Spec, 200, 3, 4);

        Assert.Equal(views, StudentViews.Draw(1897, Spec, 200, 3, 4));
        Assert.NotEqual(views, StudentViews.Draw(1897, Spec, 200, 3, 5));
        Assert.All(views.Chunk(2), pair => Assert.NotEqual(pair[0], pair[1]));
        Assert.Equal(20, views.Chunk(2).Select(pair => (pair[0], pair[1])).Distinct().Count());
    }

    [Fact]
    public void The_teacher_looks_at_a_batch_once()
    {
        using var scope = NewDisposeScope();
        using var method = (ViewDistillation)TrainingCases.Method(TrainingCases.Spec(1));
        using var batch = new Batch(randn([2, 3, 3, 32, 16]), tensor([0L, 1L]));
        var looks = new List<long>();
        method.Teacher!.Value.Model.Backbone.register_forward_pre_hook((_, images) =>
        {
            looks.Add(images.shape[0]);
            return images;
        });
        method.BeginTraining();

        method.Losses(batch, epoch: 0, step: 0);

        Assert.Equal([2 * 3], looks);
    }

    [Fact]
    public void Where_sets_are_left_out_the_others_keep_the_views_that_they_had()
    {
        using var scope = NewDisposeScope();
        using var method = (ViewDistillation)TrainingCases.Method(TrainingCases.Spec(1));
        var images = arange(4).view(4, 1, 1, 1, 1) * 10 + arange(3).view(1, 3, 1, 1, 1) + zeros([4, 3, 3, 32, 16]);
        var seen = new List<float[]>();
        method.Result.Backbone.register_forward_pre_hook((_, shown) =>
        {
            seen.Add([.. shown.detach().select(3, 0).select(2, 0).select(1, 0).data<float>()]);
            return shown;
        });
        method.BeginTraining();

        method.Losses(new Batch(images, tensor([0L, 1L, 2L, 2L])), 0, 0);
        method.Losses(new Batch(images[tensor([0L, 2L, 3L])], tensor([0L, 2L, 2L])) { Remaining = new RemainingSets(4, [0, 2, 3]) }, 0, 0);

        Assert.Equal([.. seen[0][..2], .. seen[0][4..]], seen[1]);
    }

    /// <summary>What the first steps allocate more is the runtime's, which warms up.</summary>
    [Fact]
    public void A_step_allocates_no_more_than_the_one_before_it()
    {
        using var method = TrainingCases.Method(TrainingCases.Spec(1));
        using var optimizer = Optimizer.Create(TrainingCases.Spec(1).Optimizer, method.Result);
        using var batch = new Batch(randn([2, 3, 3, 32, 16]), tensor([0L, 1L]));
        method.BeginTraining();
        var (bytes, tensors) = (new List<long>(), new List<long>());
        for (var step = 0; step < 6; step++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            using (NewDisposeScope())
            {
                method.Losses(batch, epoch: 0, step).Objective.backward();
                optimizer.Step(1e-4);
            }

            bytes.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            tensors.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.True(bytes[5] <= bytes[2], string.Join(", ", bytes));
        Assert.Single(tensors.Distinct());
    }
}
