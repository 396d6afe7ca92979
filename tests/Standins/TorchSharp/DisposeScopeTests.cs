using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

[Collection(TorchCollection.Name)]
public sealed class DisposeScopeTests : TorchTest
{
    private static long Alive => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        var before = Alive;
        Tensor inside;
        using (var scope = NewDisposeScope())
        {
            inside = ones(2) + 1;
            Assert.Equal(2, scope.DisposablesCount);
            Assert.True(scope.Contains(inside));
        }
        Assert.True(inside.IsInvalid);
        Assert.Equal(before, Alive);
    }

    [Fact]
    public void What_is_moved_outward_lives_as_long_as_the_outer_scope()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                kept = (ones(2) + 1).MoveToOuterDisposeScope();
                Assert.False(inner.Contains(kept));
            }
            Assert.False(kept.IsInvalid);
            Close([2, 2], kept);
        }
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void What_is_detached_belongs_to_nobody()
    {
        Tensor one, two;
        using (var scope = NewDisposeScope())
        {
            one = ones(1).DetachFromDisposeScope();
            two = scope.Detach(zeros(1));
        }
        Close([1], one);
        Close([0], two);
        one.Dispose();
        two.Dispose();
    }

    [Fact]
    public void A_scope_can_be_emptied_but_for_some()
    {
        using var scope = NewDisposeScope();
        var gone = ones(1);
        var kept = scope.DisposeEverythingBut(ones(1));
        Assert.True(gone.IsInvalid);
        Assert.False(kept.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void Disposing_early_takes_a_tensor_out_of_its_scope()
    {
        using var scope = NewDisposeScope();
        ones(1).Dispose();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void An_expression_can_be_wrapped_into_a_scope()
    {
        var before = Alive;
        using var result = WrappedTensorDisposeScope(() => (ones(3) + 1) * 2 - 1);
        Assert.Equal(before + 1, Alive);
        Close([3, 3, 3], result);
    }

    [Fact]
    public void Training_steps_leave_nothing_behind()
    {
        using var network = nn.Sequential(("one", nn.Linear(4, 8)), ("norm", nn.BatchNorm1d(8)), ("act", nn.ReLU()), ("two", nn.Linear(8, 3)));
        void Step()
        {
            using var _ = NewDisposeScope();
            network.zero_grad();
            var loss = nn.functional.cross_entropy(network.call(randn(6, 4)), zeros(6, int64));
            loss.backward();
            using var frozen = no_grad();
            foreach (var parameter in network.parameters()) parameter.sub_(parameter.grad!);
        }

        Step();
        var before = Alive;
        for (var i = 0; i < 5; i++) Step();
        Assert.Equal(before, Alive);
    }

    [Fact]
    public void Threads_have_scopes_of_their_own()
    {
        using var scope = NewDisposeScope();
        var count = scope.DisposablesCount;
        var thread = new Thread(() =>
        {
            Assert.Null(CurrentDisposeScope);
            using var inner = NewDisposeScope();
            _ = ones(1) + 1;
        });
        thread.Start();
        thread.Join();
        Assert.Equal(count, scope.DisposablesCount);
    }
}
