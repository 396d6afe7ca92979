using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

[Collection(TorchCollection.Name)]
public sealed class AutogradTests : TorchTest
{
    public static TheoryData<string> Functions => [.. Catalog.Keys];

    private static readonly Dictionary<string, (long[] shape, Func<Tensor, Tensor> function)> Catalog = new()
    {
        ["polynomial"] = ([5], x => x.pow(3) - x * 2 + 1 / (x * x + 1)),
        ["matmul"] = ([3, 3], x => x.mm(x.t()).exp().log()),
        ["softmax"] = ([2, 4], x => x.softmax(1) * arange(4, float64)),
        ["log_softmax"] = ([2, 4], x => x.log_softmax(1).gather(1, tensor(new long[,] { { 1 }, { 3 } }))),
        ["norm"] = ([3, 4], x => nn.functional.normalize(x) * arange(4, float64)),
        ["cdist"] = ([3, 4], x => cdist(x, x * 2 + 1)),
        ["variance"] = ([3, 4], x => x.var(0) + x.mean([0]) + x.std(0)),
        ["reshaping"] = ([2, 3, 2], x => x.permute(2, 0, 1).reshape(2, 6)[TensorIndex.Colon, 1..4].flip(1) * arange(3, float64)),
        ["selection"] = ([6], x => cat([x.sort().Values[..2], x.topk(2).values, x.masked_select(x > 0)])),
        ["conv2d"] = ([1, 2, 4, 4], x => nn.functional.conv2d(x, arange(36, float64).reshape(2, 2, 3, 3) / 10, tensor(new[] { 0.1, 0.2 }), [2, 1], [1, 0])),
        ["batch_norm"] = ([4, 3], x => nn.functional.batch_norm(x, null, null, arange(3, float64), ones(3, float64), training: true) * arange(12, float64).reshape(4, 3)),
        ["instance_norm"] = ([2, 3, 2, 2], x => nn.functional.instance_norm(x, weight: arange(3, float64), bias: ones(3, float64)) * arange(24, float64).reshape(2, 3, 2, 2)),
        ["pooling"] = ([1, 1, 4, 4], x => nn.functional.max_pool2d(x, 2) + nn.functional.avg_pool2d(x, 2) + nn.functional.adaptive_avg_pool2d(x, 2)),
        ["interpolate"] = ([1, 1, 3, 3], x => nn.functional.interpolate(x, [5, 4], mode: InterpolationMode.Bilinear, align_corners: false) * arange(20, float64).reshape(1, 1, 5, 4)),
        ["cross_entropy"] = ([2, 3], x => nn.functional.cross_entropy(x, tensor(new long[] { 2, 0 }), label_smoothing: 0.1)),
        ["kl_div"] = ([2, 3], x => nn.functional.kl_div(x.log_softmax(1), ones(2, 3, float64) / 3, log_target: false, reduction: nn.Reduction.Sum)),
        ["smooth_l1"] = ([4], x => nn.functional.smooth_l1_loss(x, zeros(4, float64), beta: 0.3)),
        ["similarity"] = ([2, 3], x => nn.functional.cosine_similarity(x, arange(6, float64).reshape(2, 3))),
        ["activations"] = ([6], x => x.relu() + x.sigmoid() + x.tanh() + nn.functional.softplus(x) + x.abs() + x.clamp(-0.5, 0.5)),
        ["where"] = ([6], x => where(x > 0, x * 3, x * x)),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Gradients_agree_with_finite_differences(string name)
    {
        var (shape, function) = Catalog[name];
        using var generator = new Generator(17);
        var x = randn(shape, float64, generator: generator).requires_grad_();
        function(x).sum().backward();
        var gradient = Doubles(x.grad!);

        const double step = 1e-6;
        using var _ = no_grad();
        for (var i = 0; i < x.numel(); i++)
        {
            double At(double shift)
            {
                var moved = x.detach().clone();
                moved.view(-1)[i] += shift;
                return function(moved).sum().item<double>();
            }

            var difference = (At(step) - At(-step)) / (2 * step);
            Assert.True(Math.Abs(difference - gradient[i]) < 1e-5 * Math.Max(1, Math.Abs(difference)), $"{name} [{i}]: {difference} against {gradient[i]}");
        }
    }

    [Fact]
    public void Gradients_add_up_until_they_are_dropped()
    {
        var x = tensor(new[] { 2f }, requires_grad: true);
        (x * x).sum().backward();
        (x * x).sum().backward();
        Close([8], x.grad!);
        x.grad = null;
        Assert.Null(x.grad);
        x.grad = tensor(new[] { 5f });
        (x * x).sum().backward();
        Close([9], x.grad!);
    }

    [Fact]
    public void Nothing_is_recorded_without_gradients()
    {
        var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
        }
        Assert.True(is_grad_enabled());
        Assert.True((x * 2).requires_grad);
        Assert.False((x * 2).is_leaf);
        Assert.False((x * 2).detach().requires_grad);
        using (inference_mode()) Assert.False((x * 2).requires_grad);
        using (set_grad_enabled(false)) Assert.False(is_grad_enabled());
    }

    [Fact]
    public void A_gradient_can_be_differentiated_again()
    {
        var x = tensor(new[] { 3.0 }, requires_grad: true);
        var first = autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];
        Close([27], first);
        first.sum().backward();
        Close([18], x.grad!);
    }

    [Fact]
    public void A_vector_is_weighed_by_the_given_gradient()
    {
        var x = tensor(new[] { 1f, 2f }, requires_grad: true);
        (x * x).backward([tensor(new[] { 1f, 10f })]);
        Close([2, 40], x.grad!);
    }

    [Fact]
    public void The_graph_stays_only_when_asked()
    {
        var x = ones(1, requires_grad: true);
        var y = (x * x).sum();
        y.backward(retain_graph: true);
        y.backward();
        Assert.Contains("backward through the graph a second time", Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => y.backward()).Message);
    }
}
