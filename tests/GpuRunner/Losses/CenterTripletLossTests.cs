using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class CenterTripletLossTests : TorchTests
{
    /// <summary>Two identities, visible at 0 and 10, infrared at 1 and 14, each of two sets one to the left and one to the right: 1 + 9 + … is told by hand.</summary>
    [Fact]
    public void Compares_the_means_of_an_identitys_sets_by_modality_in_any_order()
    {
        using var scope = NewDisposeScope();
        var inputs = LossCases.Inputs([[-1], [9], [0], [13], [1], [11], [2], [15]], [0, 1, 0, 1, 0, 1, 0, 1]) with { Infrared_B = tensor(new[] { false, false, true, true, false, false, true, true }) };

        var terms = new CenterTripletLoss(new CenterTripletSpec { Margin = 9 }).Terms_B(inputs).data<double>().ToArray();

        // Visible 0: to its infrared 1, to the nearest other 10. Infrared 1: 1 and 9. Visible 10: 4 and 9. Infrared 14: 4 and 13.
        Assert.Equal([0, 4, 1, 0, 0, 4, 1, 0], terms, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Who_appears_by_one_modality_alone_has_no_positive_but_itself()
    {
        using var scope = NewDisposeScope();
        var inputs = LossCases.Inputs([[0], [2], [5]], [0, 0, 1]) with { Infrared_B = tensor(new[] { false, false, true }) };

        Assert.Equal([0, 0, 0], new CenterTripletLoss(new CenterTripletSpec { Margin = 3 }).Terms_B(inputs).data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }
}
