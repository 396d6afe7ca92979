using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ReidCloud.Tests.Standins;

[Collection(TorchCollection.Name)]
public sealed class FunctionalTests : TorchTest
{
    private readonly Tensor _logits = tensor(new double[,] { { 1, 2, 3 }, { 0, -1, 1 } });

    [Fact]
    public void Cross_entropy_is_minus_the_logarithm_of_the_right_class()
    {
        var logarithms = Doubles(_logits.log_softmax(1));
        var target = tensor(new long[] { 2, 0 });
        Close([-(logarithms[2] + logarithms[3]) / 2], F.cross_entropy(_logits, target), 1e-12);
        Close([-logarithms[2], -logarithms[3]], F.cross_entropy(_logits, target, reduction: nn.Reduction.None), 1e-12);
        var smoothed = -((0.9 * (logarithms[2] + logarithms[3])) + (0.1 / 3 * logarithms.Sum())) / 2;
        Close([smoothed], F.cross_entropy(_logits, target, label_smoothing: 0.1), 1e-12);
        Close([smoothed], new TorchSharp.Modules.CrossEntropyLoss(label_smoothing: 0.1).call(_logits, target), 1e-12);
        Close([-logarithms[2]], F.cross_entropy(_logits, tensor(new long[] { 2, -100 })), 1e-12);
    }

    [Fact]
    public void Divergence_weighs_the_difference_of_logarithms()
    {
        var q = _logits.log_softmax(1);
        var p = tensor(new double[,] { { 0.2, 0.3, 0.5 }, { 0.6, 0.2, 0.2 } });
        var expected = Doubles(p * (p.log() - q)).Sum();
        Close([expected], F.kl_div(q, p, log_target: false, reduction: nn.Reduction.Sum), 1e-12);
        Close([expected / 6], F.kl_div(q, p, log_target: false), 1e-12);
        Close([expected], F.kl_div(q, p.log(), reduction: nn.Reduction.Sum), 1e-12);
    }

    [Fact]
    public void Regression_losses_agree_with_their_formulas()
    {
        var x = tensor(new[] { 0.0, 0.2, 3.0 });
        var y = zeros(3, float64);
        Close([9.04 / 3], F.mse_loss(x, y));
        Close([3.2 / 3], F.l1_loss(x, y));
        Close([0, 0.02, 2.5], F.smooth_l1_loss(x, y, nn.Reduction.None));
        Close([0, 0.04, 2.75], F.smooth_l1_loss(x, y, nn.Reduction.None, beta: 0.5));
        Close([0, 0.02, 1.375], F.huber_loss(x, y, delta: 0.5, reduction: nn.Reduction.None));
    }

    [Fact]
    public void Normalized_rows_have_length_one()
    {
        Close([0.6, 0.8, 0, 0], F.normalize(tensor(new double[,] { { 3, 4 }, { 0, 0 } })));
        Close([0.5, 0.25, 0.5, 0.75], F.normalize(tensor(new double[,] { { 1, 1 }, { 1, 3 } }), p: 1, dim: 0));
        Close([1, -1], F.cosine_similarity(tensor(new double[,] { { 1, 2 }, { 1, 0 } }), tensor(new double[,] { { 2, 4 }, { -3, 0 } })));
        Close([5], F.pairwise_distance(zeros(1, 2, float64), tensor(new double[,] { { 3, 4 } })), 1e-5);
        Assert.Equal([0, 1, 0, 0, 0, 1], Longs(F.one_hot(tensor(new long[] { 1, 2 }), 3)));
        Close([Math.Log(1 + Math.E)], F.softplus(ones(1, float64)));
    }

    [Fact]
    public void Images_are_padded_and_resized()
    {
        var x = arange(4, float64).reshape(1, 1, 2, 2);
        Close([0, 0, 1, 0, 2, 3], F.pad(x, [1, 0, 0, 0]));
        Close([9, 9, 9, 0, 1, 9, 2, 3, 9], F.pad(x, [0, 1, 1, 0], value: 9));
        Close([1, 0, 1, 0, 3, 2, 3, 2], F.pad(x, [1, 1, 0, 0], PaddingModes.Reflect));
        Close([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3], F.interpolate(x, [4, 4]));
        Close([0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3], F.interpolate(x, [3, 3], mode: InterpolationMode.Bilinear, align_corners: true));
        Close([1.5], F.interpolate(x, [1, 1], mode: InterpolationMode.Area));
        Assert.Equal([1, 1, 4, 4], F.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Bicubic, align_corners: false).shape);
    }

    [Fact]
    public void The_identity_grid_leaves_an_image_as_it_is()
    {
        var x = arange(12, float32).reshape(1, 1, 3, 4);
        var identity = tensor(new float[,,] { { { 1, 0, 0 }, { 0, 1, 0 } } });
        var grid = F.affine_grid(identity, [1, 1, 3, 4], align_corners: false);
        Assert.Equal([1, 3, 4, 2], grid.shape);
        Assert.True(x.allclose(F.grid_sample(x, grid, align_corners: false), atol: 1e-5));
        var mirrored = F.affine_grid(tensor(new float[,,] { { { -1, 0, 0 }, { 0, 1, 0 } } }), [1, 1, 3, 4]);
        Assert.True(x.flip(3).allclose(F.grid_sample(x, mirrored, align_corners: false), atol: 1e-5));
    }

    [Fact]
    public void Clipping_scales_all_gradients_together()
    {
        var a = nn.Parameter(zeros(1));
        var b = nn.Parameter(zeros(1));
        a.grad = tensor(new[] { 3f });
        b.grad = tensor(new[] { 4f });
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-6);
        Close([0.6], a.grad!, 1e-5);
        Close([0.8], b.grad!, 1e-5);
        Assert.Equal(1, nn.utils.clip_grad_norm_([a, b], 10), 1e-5);
        Close([0.6], a.grad!, 1e-5);
    }
}
