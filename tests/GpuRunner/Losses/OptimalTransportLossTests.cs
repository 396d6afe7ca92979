using ReidCloud.GpuRunner.Losses;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class OptimalTransportLossTests : TorchTests
{
    /// <summary>Spec of MVD §16, of the logits and of five times as much.</summary>
    [Theory]
    [InlineData(1, 0.0360, 2)]
    [InlineData(5, 0.5218, 6)]
    public void Gives_the_published_check_values(double scale, double cost, int iterations)
    {
        using var scope = NewDisposeScope();

        var transport = OptimalTransportLoss.Of(Scores(ModalityCases.A, scale), Scores(ModalityCases.B, scale));

        Assert.Equal(cost, transport.Cost_B.sum().item<double>(), 5e-5);
        Assert.Equal(iterations, transport.Iterations);
    }

    [Fact]
    public void Moves_the_visible_observations_to_the_infrared_ones()
    {
        using var scope = NewDisposeScope();
        var inputs = ModalityCases.Saying(same => same with { Visible = ModalityCases.Logits(ModalityCases.B, ModalityCases.A) });

        Assert.Equal(0.0360, new OptimalTransportLoss().Of(inputs).item<double>(), 5e-5);
    }

    /// <summary>Which is then seen as a diverged training.</summary>
    [Fact]
    public void What_is_no_number_ends_too()
    {
        using var scope = NewDisposeScope();
        var transport = OptimalTransportLoss.Of(full(2, 3, double.NaN), full(2, 3, double.NaN));

        Assert.Equal(100, transport.Iterations);
        Assert.True(double.IsNaN(transport.Cost_B.sum().to(float64).item<double>()));
    }

    private static Tensor Scores(double[][] logits, double scale) => nn.functional.softmax(LossCases.Rows(logits) * scale, 1);
}
