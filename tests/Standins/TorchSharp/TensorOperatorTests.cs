using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

[Collection(TorchCollection.Name)]
public sealed class TensorOperatorTests : TorchTest
{
    [Fact]
    public void Numbers_stand_on_either_side_of_an_operator()
    {
        var x = tensor(new[] { 1f, 2f, 4f });
        Close([3, 4, 6], x + 2);
        Close([3, 4, 6], 2 + x);
        Close([0.5, 1, 2], x / 2);
        Close([4, 2, 1], 4 / x);
        Close([1, 0, -2], 2 - x);
        Close([-1, -2, -4], -x);
        Close([0, 1, 3], x - tensor(1f));
        Close([1, 4, 16], x * x);
        Close([1, 1, 1], x / x);
        Close([1, 0, 0], x % 2);
    }

    [Fact]
    public void Shapes_are_broadcast()
    {
        var sums = arange(3).reshape(3, 1) + arange(2).reshape(1, 2);
        Assert.Equal([3, 2], sums.shape);
        Assert.Equal([0, 1, 1, 2, 2, 3], Longs(sums));
    }

    [Fact]
    public void Types_are_promoted_but_a_number_does_not_widen()
    {
        Assert.Equal(ScalarType.Float32, (tensor(new long[] { 1 }) + tensor(new[] { 1f })).dtype);
        Assert.Equal(ScalarType.Float32, (tensor(new[] { 1f }) * 2.0).dtype);
        Assert.Equal(ScalarType.Float32, (tensor(new long[] { 3 }) / 2).dtype);
        Assert.Equal(ScalarType.Int64, (tensor(new long[] { 3 }) * 2).dtype);
    }

    [Fact]
    public void Comparisons_are_elementwise_and_combine()
    {
        var x = tensor(new[] { 1f, 2f, 3f });
        Assert.Equal([false, true, true], Bools(x >= 2));
        Assert.Equal([false, true, false], Bools((x >= 2) & (x < 3)));
        Assert.Equal([true, false, true], Bools((x == 1) | (x == 3)));
        Assert.Equal([true, false, false], Bools(~(x > 1)));
        Assert.Equal([false, true, true], Bools(x.ne(tensor(new[] { 1f, 0f, 0f }))));
        Assert.True(x.Equals(x.clone()));
        Assert.False(x.Equals(x + 1));
        Assert.True(x.allclose(x + 1e-7));
    }

    [Fact]
    public void In_place_operators_write_into_their_tensor_and_return_it()
    {
        var x = tensor(new[] { 1f, 2f });
        Assert.Same(x, x.add_(1).mul_(2).sub_(tensor(new[] { 1f, 1f })));
        Close([3, 5], x);
        x.addcmul_(x, x, value: 0.5).addcdiv_(tensor(1f), tensor(2f), value: 2);
        Close([8.5, 18.5], x);
        x.clamp_(9, 10);
        Close([9, 10], x);
        x.zero_();
        Close([0, 0], x);
        x.fill_(float.NaN);
        Assert.Equal([true, true], Bools(x.isnan()));
    }

    [Fact]
    public void Reductions_agree_with_sums_done_by_hand()
    {
        var x = tensor(new double[,] { { 1, 2, 3 }, { 4, 5, 9 } });
        Close([24], x.sum());
        Close([5, 7, 12], x.sum(0L)); // a literal 0 would be taken for a ScalarType
        Assert.Equal([3], x.sum(0L).shape);
        Close([2, 6], x.mean([1]));
        Assert.Equal([2, 1], x.sum(1, keepdim: true).shape);
        Close([1, 7], x.var(1));
        Close([2.0 / 3, 14.0 / 3], x.var(1, unbiased: false));
        Close([Math.Sqrt(136)], x.norm());
        Close([Math.Sqrt(14), Math.Sqrt(122)], x.norm(1));
        Close([9], x.max());
        var (values, indices) = x.max(0);
        Close([4, 5, 9], values);
        Assert.Equal([1, 1, 1], Longs(indices));
        Assert.Equal(5, x.argmax().item<long>());
        Assert.Equal([0, 0], Longs(x.argmin(1)));
        Assert.True((x > 0).all().item<bool>());
        Assert.False((x > 9).any().item<bool>());
        Close([1, 3, 6, 4, 9, 18], x.cumsum(1));
    }

    [Fact]
    public void Products_agree_with_each_other()
    {
        var a = arange(6).reshape(2, 3).to(float64);
        var b = arange(12).reshape(3, 4).to(float64);
        var product = a.mm(b);
        Close([20, 23, 26, 29, 56, 68, 80, 92], product);
        Assert.True(product.Equals(a.matmul(b)));
        Assert.True(product.Equals(einsum("ik,kj->ij", a, b)));
        Assert.True(product.Equals(a.unsqueeze(0).bmm(b.unsqueeze(0)).squeeze(0)));
        Assert.True((product * 2 + 1).Equals(ones(2, 4, float64).addmm(a, b, beta: 1, alpha: 2)));
        Close([5], a[0].dot(a[0]));
        Assert.Equal([3, 3], a[0].outer(a[1]).shape);
    }

    [Fact]
    public void Distances_between_rows_are_euclidean_with_and_without_the_product_trick()
    {
        var a = tensor(new float[,] { { 0, 0 }, { 3, 4 } });
        var b = tensor(new float[,] { { 0, 0 }, { 0, 4 } });
        Close([0, 4, 5, 3], cdist(a, b));
        Close([0, 4, 5, 3], cdist(a, b, compute_mode: compute_mode.donot_use_mm_for_euclid_dist));
        Close([0, 4, 7, 3], cdist(a, b, p: 1));
    }

    [Fact]
    public void Sorting_is_stable_when_asked_and_reports_where_things_were()
    {
        var x = tensor(new[] { 2f, 1f, 2f, 3f });
        var (values, indices) = x.sort(stable: true);
        Close([1, 2, 2, 3], values);
        Assert.Equal([1, 0, 2, 3], Longs(indices));
        Assert.Equal([3, 0, 2, 1], Longs(x.sort(descending: true, stable: true).Indices));
        var (top, at) = x.topk(2);
        Close([3, 2], top);
        Assert.Equal(3, at[0].item<long>());
        Assert.Equal(1, x.argsort()[0].item<long>());
    }

    [Fact]
    public void Unique_gives_what_was_asked_for_and_nothing_else()
    {
        var (output, inverse, counts) = tensor(new long[] { 5, 3, 5 }).unique(return_inverse: true, return_counts: true);
        Assert.Equal([3, 5], Longs(output));
        Assert.Equal([1, 0, 1], Longs(inverse!));
        Assert.Equal([1, 2], Longs(counts!));
        Assert.Equal([0, 2, 1], Longs(tensor(new long[] { 1, 1, 2 }).bincount(null)));
    }

    [Fact]
    public void Softmax_sums_to_one_and_its_logarithm_agrees()
    {
        var x = tensor(new[] { 1.0, 2.0, 3.0 });
        var exponentials = new[] { Math.Exp(1), Math.Exp(2), Math.Exp(3) };
        Close(exponentials.Select(e => e / exponentials.Sum()).ToArray(), x.softmax(0), 1e-12);
        Close(exponentials.Select(e => Math.Log(e / exponentials.Sum())).ToArray(), x.log_softmax(0), 1e-12);
    }

    [Fact]
    public void Joining_and_splitting_are_inverse()
    {
        var x = arange(10).reshape(5, 2);
        Assert.Equal([2, 2, 1], x.split(2).Select(part => part.shape[0]));
        Assert.True(x.Equals(cat(x.split([1, 4]))));
        Assert.True(x.Equals(stack(x.unbind())));
        Assert.Equal([3, 2], x.chunk(2).Select(part => part.shape[0]));
        Assert.Equal([2, 5, 2], stack([x, x]).shape);
    }

    [Fact]
    public void Views_share_memory_and_copies_do_not()
    {
        var x = zeros(2, 3);
        x.view(6)[0] = tensor(1f);
        x.t()[2, 1] = tensor(2f);
        x.clone()[0, 1] = tensor(9f);
        Close([1, 0, 0, 0, 0, 2], x);
        Assert.False(x.t().is_contiguous());
        Assert.Equal([1, 3], x.t().stride());
        Close([1, 0, 0, 0, 0, 2], x.t().contiguous().t());
        Assert.Equal([4, 3, 2], zeros(2, 3).expand(4, 2, 3).permute(0, 2, 1).shape);
        Assert.Equal([2, 1, 3], x.unsqueeze(1).shape);
        Assert.Equal([2, 3], x.unsqueeze(1).squeeze().shape);
        Close([0, 0, 2, 1, 0, 0], x.flip(0).roll(0, 0));
        Assert.Equal([4, 3], x.repeat(2, 1).shape);
    }

    [Fact]
    public void Gather_scatter_and_masks_move_single_elements()
    {
        var x = tensor(new float[,] { { 1, 2 }, { 3, 4 } });
        Close([2, 3], x.gather(1, tensor(new long[,] { { 1 }, { 0 } })));
        Close([0, 1, 1, 0], zeros(2, 2).scatter_(1, tensor(new long[,] { { 1 }, { 0 } }), ones(2, 1)));
        Close([1, -1, -1, -1], x.masked_fill(x > 1, -1));
        Close([3, 4], x.masked_select(x > 2));
        Assert.Equal([1, 0, 1, 1], Longs((x > 2).nonzero()));
        Close([1, 0, 3, 0], where(x % 2 == 1, x, zeros_like(x)));
        Close([3, 4], x.index_select(0, tensor(new long[] { 1 })));
        Close([1, 2, 0, 4], x.triu());
    }
}
