using ReidCloud.GpuRunner.Models;
using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models;

public sealed class GeneralizedMeanTests : TorchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(3)]
    public void Is_the_formula_with_its_gradients(double power)
    {
        using var scope = NewDisposeScope();
        using var pooling = Pooling(power);
        using var x = (randn([2, 5, 4, 3], float64) * 2).requires_grad_();
        using var p = tensor(power, float64).requires_grad_();
        using var weight_ND = randn([2, 5], float64);

        var expected = x.clamp_min(1e-6).pow(p).mean([2, 3]).pow(p.reciprocal());
        (expected * weight_ND).sum().backward();
        var (gradient, gradientOfPower) = (x.grad!.clone(), p.grad!.item<double>());
        x.grad!.zero_();
        var actual = pooling.call(x);
        (actual * weight_ND).sum().backward();

        Assert.True(actual.allclose(expected, 1e-10, 1e-12));
        Assert.True(x.grad!.allclose(gradient, 1e-8, 1e-10));
        Assert.Equal(gradientOfPower, pooling.get_parameter("p")!.grad!.item<double>(), 1e-8);
        if (power == 1)
        {
            Assert.True(actual.allclose(x.clamp_min(1e-6).mean([2, 3]), 1e-10, 1e-12));
        }
    }

    /// <summary>As written, 1e-6 to the power of 8 is no number of single precision but 0, whose root has an infinite gradient.</summary>
    [Fact]
    public void Is_finite_with_its_gradients_where_powers_are_not()
    {
        using var scope = NewDisposeScope();
        using var pooling = Pooling(30);
        pooling.to(float32);
        using var x = cat([zeros(1, 1, 4, 4), full([1, 1, 4, 4], 1e4f), rand(1, 1, 4, 4) * 1e-5], 1).requires_grad_();

        var pooled_ND = pooling.call(x);
        pooled_ND.sum().backward();

        Assert.True(pooled_ND.isfinite().all().item<bool>());
        Assert.True(x.grad!.isfinite().all().item<bool>());
        Assert.True(pooling.get_parameter("p")!.grad!.isfinite().all().item<bool>());
        Assert.Equal(1e4f, pooled_ND[0, 1].item<float>(), 1f);
    }

    private static GeneralizedMean Pooling(double power)
    {
        var pooling = new GeneralizedMean();
        pooling.to(float64);
        using var frozen = no_grad();
        pooling.get_parameter("p")!.fill_(power);
        return pooling;
    }
}
