using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

[Collection(TorchCollection.Name)]
public sealed class TensorIndexingTests : TorchTest
{
    private readonly Tensor _x = arange(24).reshape(2, 3, 4);

    [Fact]
    public void A_number_drops_a_dimension()
    {
        Assert.Equal([3, 4], _x[1].shape);
        Assert.Equal(23, _x[1, 2, 3].item<long>());
        Assert.Equal(20, _x[-1, -1, 0].item<long>());
    }

    [Fact]
    public void Ranges_and_slices_keep_it()
    {
        Assert.Equal([2, 1, 4], _x[.., 1..2].shape);
        Assert.Equal([13, 15], Longs(_x[1, 0, TensorIndex.Slice(1, null, 2)]));
        Assert.Equal([1, 5, 9], Longs(_x[0, TensorIndex.Colon, 1]));
        Assert.Equal([2, 2, 4], _x[.., ..^1].shape);
    }

    [Fact]
    public void The_ellipsis_stands_for_all_that_is_not_named()
    {
        Assert.Equal([2, 3], _x[TensorIndex.Ellipsis, 0].shape);
        Assert.Equal([0, 4, 8, 12, 16, 20], Longs(_x[TensorIndex.Ellipsis, 0]));
        Assert.Equal([2, 3, 4, 1], _x[TensorIndex.Ellipsis, TensorIndex.None].shape);
    }

    [Fact]
    public void None_makes_a_dimension() => Assert.Equal([2, 1, 3, 4], _x[TensorIndex.Colon, TensorIndex.None].shape);

    [Fact]
    public void An_index_tensor_picks_and_may_stand_behind_a_slice()
    {
        Assert.Equal([12, 13, 14, 15, 0, 1, 2, 3], Longs(_x[tensor(new long[] { 1, 0 })][TensorIndex.Colon, 0]));
        Assert.Equal([2, 2, 4], _x[TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 2, 0 }))].shape);
        Assert.Equal([8, 0, 20, 12], Longs(_x[TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 2, 0 })), 0]));
    }

    [Fact]
    public void A_mask_selects_and_is_written_through()
    {
        var x = _x.clone();
        Assert.Equal([22, 23], Longs(x[x > 21]));
        x[x > 1] = tensor(-1L);
        Assert.Equal(1, x.max().item<long>());
        Assert.Equal(-21, x.sum().item<long>());
    }

    [Fact]
    public void Assignment_writes_into_the_tensor_itself()
    {
        var x = zeros(2, 3);
        x[0, 1] = tensor(5f);
        x[1] = tensor(new[] { 1f, 2f, 3f });
        x[TensorIndex.Colon, 2] = tensor(7f);
        Close([0, 5, 7, 1, 2, 7], x);
        x.index_put_(ones(2), tensor(new long[] { 0, 0 }), tensor(new long[] { 0, 1 }));
        Close([1, 1, 7, 1, 2, 7], x);
        x.index_put_(ones(2), [tensor(new long[] { 0, 0 }), tensor(new long[] { 0, 0 })], accumulate: true);
        Close([3, 1, 7, 1, 2, 7], x);
    }

    [Fact]
    public void Indexing_carries_gradients()
    {
        var x = ones(2, 3, requires_grad: true);
        (x[TensorIndex.Colon, 1..] * tensor(new[] { 2f, 3f })).sum().backward();
        Close([0, 2, 3, 0, 2, 3], x.grad!);
    }
}
