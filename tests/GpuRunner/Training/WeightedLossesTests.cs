using ReidCloud.GpuRunner.Losses;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Losses;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

/// <summary>The ablations of VKD §13.3 as they change the objective of §4.5: L_TR + L_CE + 1e-4 · L_DP + 0.1 · L_KD.</summary>
public sealed class WeightedLossesTests : TorchTests
{
    private static readonly (string Name, double Weight, LossSpec Spec)[] Published =
    [
        ("triplet", 1, new TripletSpec()),
        ("cross-entropy", 1, new CrossEntropySpec()),
        ("distance-preservation", 1e-4, new DistancePreservationSpec()),
        ("logit-distillation", 0.1, new LogitDistillationSpec()),
    ];

    /// <summary>Which of TR, CE, DP, KD are left, as bits.</summary>
    public static TheoryData<int> Subsets => [.. Enumerable.Range(1, 15)];

    [Fact]
    public void A_student_learns_by_the_published_sum() => Assert.Equal(
        Published.Select(term => term.Spec), new ViewDistillationSpec(new CheckpointRef("teacher")).Losses);

    [Theory]
    [MemberData(nameof(Subsets))]
    public void What_is_left_out_is_gone_and_the_rest_is_as_it_was(int subset)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs();
        var kept = Published.Where((_, i) => (subset & (1 << i)) != 0).ToList();

        var (terms, total) = new WeightedLosses([.. kept.Select(term => term.Spec)], 5, 5).Of(inputs);

        Assert.Equal(kept.Select(term => term.Name), terms.Select(term => term.Name));
        Assert.Equal(kept.Select(term => LossRegistry.Create(term.Spec, 5, 5).Of(inputs).item<double>()), terms.Select(term => term.Value.item<double>()));
        Assert.Equal(kept.Sum(term => term.Weight * LossRegistry.Create(term.Spec, 5, 5).Of(inputs).item<double>()), total.item<double>(), 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_weight_scales_its_own_term_alone(int which)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs();
        LossSpec[] specs = [.. Published.Select(term => term.Spec)];
        LossSpec[] doubled = [.. specs.Select((spec, i) => i == which ? spec with { Weight = 2 * spec.Weight } : spec)];

        var (terms, total) = new WeightedLosses(specs, 5, 5).Of(inputs);
        var (same, more) = new WeightedLosses(doubled, 5, 5).Of(inputs);

        Assert.Equal(terms.Select(term => term.Value.item<double>()), same.Select(term => term.Value.item<double>()));
        Assert.Equal(specs[which].Weight * terms[which].Value.item<double>(), more.item<double>() - total.item<double>(), 1e-9);
    }

    [Fact]
    public void Matched_logits_take_the_place_of_distilled_ones()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs();
        LossSpec[] specs = [.. Published.Select(term => term.Spec)];

        var (terms, total) = new WeightedLosses(specs, 5, 5).Of(inputs);
        var (matched, other) = new WeightedLosses([.. specs[..3], new LogitMatchingSpec()], 5, 5).Of(inputs);

        var squares = (inputs.Logits_BK - inputs.TeacherLogits_BK!).pow(2).mean().item<double>();
        Assert.Equal(("logit-matching", squares), (matched[3].Name, matched[3].Value.item<double>()));
        Assert.Equal(0.1 * (squares - terms[3].Value.item<double>()), other.item<double>() - total.item<double>(), 1e-9);
    }

    private static LossInputs Inputs() => LossCases.Inputs(LossCases.RandomRows(1, 6, 5), [0, 0, 1, 1, 2, 2]) with
    {
        TeacherEmbedding_BD = LossCases.Rows(LossCases.RandomRows(2, 6, 7)),
        TeacherLogits_BK = LossCases.Rows(LossCases.RandomRows(3, 6, 5)),
    };
}
