using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Tests.Shared.Reports.Comparisons;
using ReidCloud.Tests.Shared.Reports.Page;

namespace ReidCloud.Tests.Shared.Reports;

public sealed class PublishedBesideTests
{
    private static readonly Preset Recipe = Presets.Named("aligned-market1501-local-mutual");

    [Fact]
    public void A_run_of_a_preset_stands_beside_its_published_figures_whatever_its_seed_and_its_data_set_are_called()
    {
        var report = SampleVariants.Mutual().Report with { Spec = Recipe.Spec with { Dataset = "my-market", Seed = 3, Repeat = 1 } };

        var beside = PublishedBeside.Of(report)!;

        Assert.Equal("aligned-market1501-local-mutual", beside.Preset.Name);
        var second = beside.Figures.First(pair => pair.Published is { Peer: 2, Variant: { Distance: RetrievalDistance.Local, ReRanked: true } });
        Assert.Equal((0.9151, 0.8792), (second.Published.Rank1, second.Published.MapTrapezoidal));
        Assert.Equal(report.Peers[0].Settings.First(metrics => metrics.Name == "image-to-image/local/re-ranked"), second.Measured);
    }

    /// <summary>Camera-based batch normalization's recipe is the same on three data sets, and its figures are not.</summary>
    [Fact]
    public void One_recipe_of_several_data_sets_is_told_by_the_data_sets_name()
    {
        var report = SampleVariants.Mutual().Report;
        var recipe = Presets.Named("cbn-msmt17").Spec;

        Assert.Equal("cbn-msmt17", PublishedBeside.Of(report with { Spec = recipe })?.Preset.Name);
        Assert.Equal("cbn-dukemtmc-reid", PublishedBeside.Of(report with { Spec = recipe with { Dataset = "dukemtmc-reid" } })?.Preset.Name);
        Assert.Null(PublishedBeside.Of(report with { Spec = recipe with { Dataset = "mine" } }));
    }

    [Fact]
    public void A_changed_recipe_is_no_repetition()
    {
        var report = SampleVariants.Mutual().Report;

        Assert.Null(PublishedBeside.Of(report with { Spec = (TrainSpec)Recipe.Spec with { Epochs = 2 } }));
        Assert.Null(PublishedBeside.Of(report with { Spec = (TrainSpec)Recipe.Spec with { Validation = new ValidationSpec() } }));
        Assert.Null(PublishedBeside.Of(ComparisonTests.Outcome(1, 0.5).Report));
    }
}
