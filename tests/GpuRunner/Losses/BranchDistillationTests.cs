using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static ReidCloud.Tests.GpuRunner.Losses.ModalityCases;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

/// <summary>What branches teach each other: VSD, VCD and VML. The values are those of spec of MVD §16.</summary>
public sealed class BranchDistillationTests : TorchTests
{
    [Theory]
    [InlineData(DivergenceForm.PublishedCode, -0.299241)]
    [InlineData(DivergenceForm.KullbackLeibler, 0.325663)]
    public void An_observation_teaches_by_the_published_check_values(DivergenceForm form, double expected)
    {
        using var scope = NewDisposeScope();

        Assert.Equal(expected, Divergence.Of_B(form, LossCases.Rows(A), LossCases.Rows(B)).mean().item<double>(), 1e-6);
    }

    [Theory]
    [InlineData(DivergenceForm.PublishedCode)]
    [InlineData(DivergenceForm.KullbackLeibler)]
    public void Both_modalities_own_branches_teach_their_bottlenecks(DivergenceForm form)
    {
        using var scope = NewDisposeScope();
        var loss = new SelfDistillationLoss(new SelfDistillationSpec { Divergence = form });
        var (one, other) = (Value(A, B), Value(B, A));

        Assert.Equal(one + other, loss.Of(Saying(same => same with { Visible = Logits(A, B), Infrared = Logits(B, A) })).item<double>(), 1e-9);

        double Value(double[][] teaching, double[][] learning) => Divergence.Of_B(form, LossCases.Rows(teaching), LossCases.Rows(learning)).mean().item<double>();
    }

    [Fact]
    public void A_temperature_divides_both()
    {
        using var scope = NewDisposeScope();
        var halved = Array.ConvertAll(A, row => Array.ConvertAll(row, value => value * 2));
        var loss = new SelfDistillationLoss(new SelfDistillationSpec { Temperature = 2 });

        var hot = loss.Of(Saying(same => same with { Visible = Logits(halved, Array.ConvertAll(B, row => Array.ConvertAll(row, value => value * 2))) })).item<double>();

        Assert.Equal(0.325663, hot, 1e-6);
    }

    [Fact]
    public void Each_pass_of_the_shared_branch_teaches_the_other_by_half()
    {
        using var scope = NewDisposeScope();
        var inputs = Saying(same => same with { SharedColor = Logits(A, B), SharedGrey = Logits(B, B) });

        // The color image's observation and the grey one's representation differ; the other way round they are alike.
        Assert.Equal(0.325663 / 2, new CrossDistillationLoss(new CrossDistillationSpec()).Of(inputs).item<double>(), 1e-6);
    }

    [Fact]
    public void What_teaches_is_constant_and_in_mutual_learning_both_learn()
    {
        using var scope = NewDisposeScope();
        var branches = RandomBranches(1, 5);
        LossOutput[] outputs = [.. branches.Outputs.Select(one => one.Output)];
        foreach (var output in outputs)
        {
            output.Logits_BK.requires_grad_();
        }

        var inputs = new LossInputs(outputs[0].Feature_BD, outputs[0].Logits_BK, zeros(5, dtype: int64)) { Branches = branches };
        Assert.Equal([false, true, false, true, false, false, false, false], Learn(new SelfDistillationLoss(new SelfDistillationSpec())));
        Assert.Equal([false, false, false, false, false, true, false, true], Learn(new CrossDistillationLoss(new CrossDistillationSpec { Divergence = DivergenceForm.PublishedCode })));
        Assert.Equal([false, false, false, false, false, true, false, true], Learn(new MutualDistillationLoss()));

        IEnumerable<bool> Learn(Loss loss)
        {
            loss.Of(inputs).backward();
            foreach (var output in outputs)
            {
                yield return output.Logits_BK.grad is not null;
                output.Logits_BK.grad = null;
            }
        }
    }

    [Fact]
    public void Mutual_learning_is_half_of_both_divergences_from_the_mean()
    {
        using var scope = NewDisposeScope();
        var inputs = Saying(same => same with { SharedColor = Logits(B, A), SharedGrey = Logits(A, B) });

        var expected = A.Zip(B).Average(pair =>
        {
            var (p, q) = (LossCases.Softmax(pair.First), LossCases.Softmax(pair.Second));
            return 0.5 * p.Zip(q, (a, b) => (a * Math.Log(2 * a / (a + b))) + (b * Math.Log(2 * b / (a + b)))).Sum();
        });
        Assert.Equal(expected, new MutualDistillationLoss().Of(inputs).item<double>(), 1e-9);
    }

    /// <summary>No class has a logarithm of 0.</summary>
    [Fact]
    public void Branches_that_are_sure_of_different_classes_have_finite_losses()
    {
        using var scope = NewDisposeScope();
        var inputs = Saying(_ => new LossBranches(Sure(), Sure(), Sure(), new LossBranch(Sure().Representation, Sure().Observation)));

        foreach (var loss in (Loss[])[new SelfDistillationLoss(new SelfDistillationSpec()), new CrossDistillationLoss(new CrossDistillationSpec()), new MutualDistillationLoss()])
        {
            Assert.True(double.IsFinite(loss.Of(inputs).item<double>()));
        }

        static LossBranch Sure() => Logits([[1000, 0]], [[0, 1000]]);
    }

    [Fact]
    public void A_network_without_branches_has_none_that_could_teach()
    {
        using var scope = NewDisposeScope();
        var fault = Assert.Throws<ArgumentException>(() => new MutualDistillationLoss().Of(LossCases.Inputs([[0], [1]], [0, 1])));

        Assert.Contains("this one has none", fault.Message);
    }
}
