using ReidCloud.GpuRunner.Training;
using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

[Collection(AloneCollection.Name)]
public sealed class ReplicaThreadTests : TorchTests
{
    [Fact]
    public void What_a_thread_makes_besides_its_result_is_gone_and_the_result_goes_with_the_scope_of_who_joins()
    {
        using var thread = new ReplicaThread("test");
        var alive = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            var made = ReplicaThread.Join([thread.Begin(() => [ones(3) + ones(3), null])]);

            Assert.Equal(alive + 1, Tensor.TotalCount);
            Assert.Equal(6, made[0][0]!.sum().item<float>());
            Assert.Null(made[0][1]);
        }

        Assert.Equal(alive, Tensor.TotalCount);
    }

    [Fact]
    public void It_records_gradients_where_the_caller_does()
    {
        using var thread = new ReplicaThread("test");
        using var scope = NewDisposeScope();
        var leaf = ones(2, requires_grad: true);

        var with = ReplicaThread.Join([thread.Begin(() => [leaf * 2])])[0][0]!;
        using (no_grad())
        {
            Assert.False(ReplicaThread.Join([thread.Begin(() => [leaf * 2])])[0][0]!.requires_grad);
        }

        with.sum().backward();
        Assert.Equal([2, 2], leaf.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_fault_is_thrown_as_it_was_when_all_are_done_and_what_the_others_made_is_not_left_behind()
    {
        using ReplicaThread first = new("first"), second = new("second");
        using var gate = new ManualResetEventSlim();
        var alive = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            var fault = Assert.Throws<ArithmeticException>(() => ReplicaThread.Join(
            [
                first.Begin(() =>
                {
                    gate.Set();
                    zeros(2);
                    throw new ArithmeticException("on the first");
                }),
                second.Begin(() =>
                {
                    gate.Wait();
                    return [ones(2)];
                }),
            ]));
            Assert.Equal("on the first", fault.Message);
            Assert.Equal(alive + 1, Tensor.TotalCount);
        }

        Assert.Equal(alive, Tensor.TotalCount);
        using var scope = NewDisposeScope();
        Assert.Equal(2, ReplicaThread.Join([first.Begin(() => [ones(2)])])[0][0]!.numel());
    }
}
