using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Data;

/// <summary>Batches across modalities: spec of MVD §8.</summary>
public sealed class ModalityMixTests
{
    /// <summary>Eight identities that five visible tracklets and three infrared ones show, one that only visible cameras saw, and one that only infrared ones did.</summary>
    private static readonly TrainingSplit Split = Of([.. Enumerable.Repeat((5, 3), 8), (4, 0), (0, 6)]);

    [Fact]
    public void Interleaved_an_identitys_tracklets_are_visible_and_infrared_in_turn()
    {
        foreach (var batch in Plans(new SamplingSpec(4, 6) { Modalities = ModalityMix.Interleaved }))
        {
            Assert.All(batch.Chunk(6), group =>
            {
                Assert.Single(group.Select(draw => draw.Label).Distinct());
                Assert.Equal([Modality.Visible, Modality.Infrared, Modality.Visible, Modality.Infrared, Modality.Visible, Modality.Infrared], group.Select(ModalityOf));
                Assert.Equal(6, group.Distinct().Count());
            });
        }
    }

    [Fact]
    public void Visible_first_the_halves_of_a_batch_have_the_same_identities_in_the_same_order()
    {
        foreach (var batch in Plans(new SamplingSpec(4, 6) { Modalities = ModalityMix.VisibleFirst }))
        {
            var halves = batch.Chunk(12).ToArray();
            Assert.All(halves[0], draw => Assert.Equal(Modality.Visible, ModalityOf(draw)));
            Assert.All(halves[1], draw => Assert.Equal(Modality.Infrared, ModalityOf(draw)));
            Assert.Equal(halves[0].Select(draw => draw.Label), halves[1].Select(draw => draw.Label));
            Assert.All(halves[0].Chunk(3), group => Assert.Single(group.Select(draw => draw.Label).Distinct()));
        }
    }

    [Fact]
    public void Only_the_modality_that_has_too_few_is_drawn_with_replacement()
    {
        var infrared = new HashSet<int>();
        foreach (var group in Plans(new SamplingSpec(4, 10) { Modalities = ModalityMix.Interleaved }).SelectMany(batch => batch.Chunk(10)))
        {
            Assert.Equal(5, group.Where(draw => ModalityOf(draw) == Modality.Visible).Distinct().Count());
            infrared.Add(group.Where(draw => ModalityOf(draw) == Modality.Infrared).Distinct().Count());
        }

        Assert.Subset(new HashSet<int> { 1, 2, 3 }, infrared);
        Assert.Contains(2, infrared);
    }

    [Fact]
    public void With_replacement_a_tracklet_may_come_twice_where_there_are_enough()
    {
        var distinct = Plans(new SamplingSpec(4, 6) { Modalities = ModalityMix.Interleaved, WithReplacement = true }).SelectMany(batch => batch.Chunk(6)).Select(group => group.Distinct().Count()).ToList();

        Assert.Contains(distinct, count => count < 6);
        Assert.All(Plans(new SamplingSpec(4, 3) { WithReplacement = true }), batch => Assert.Equal(12, batch.Length));
    }

    [Fact]
    public void Who_was_seen_by_one_modality_alone_is_not_drawn()
    {
        var sampler = new IdentitySampler(Split, new SamplingSpec(8, 2) { Modalities = ModalityMix.Interleaved }, seed: 5);

        Assert.Equal(2, sampler.NeverDrawn);
        Assert.Equal(Enumerable.Range(0, 8), sampler.Plan(0).SelectMany(batch => batch.Select(draw => draw.Label)).Distinct().Order());
        Assert.Equal(0, new IdentitySampler(Split, new SamplingSpec(8, 2), seed: 5).NeverDrawn);
        var fault = Assert.Throws<SpecException>(() => new IdentitySampler(Split, new SamplingSpec(9, 2) { Modalities = ModalityMix.Interleaved }, seed: 5));
        Assert.Contains("at most 8, the number of training identities that visible and infrared cameras saw, was 9", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_identities_are_drawn_anew_for_each_batch()
    {
        var batches = Plans(new SamplingSpec(4, 2) { Draw = IdentityDraw.AnyIdentities, Modalities = ModalityMix.Interleaved }).ToList();

        // 40 visible tracklets of the eight and four of another go in fours.
        Assert.Equal(20 * (44 / 4), batches.Count);
        Assert.All(batches, batch => Assert.Equal(4, batch.Select(draw => draw.Label).Distinct().Count()));
        Assert.All(batches.Chunk(11), epoch => Assert.True(epoch.SelectMany(batch => batch.Select(draw => draw.Label).Distinct()).Count() > 8));
        Assert.Equal(Enumerable.Range(0, 8), batches.SelectMany(batch => batch.Select(draw => draw.Label)).Distinct().Order());
        Assert.Equal((64 + 10) / 8, new IdentitySampler(Split, new SamplingSpec(4, 2) { Draw = IdentityDraw.AnyIdentities }, seed: 5).Plan(0).Length);
        Assert.Single(new IdentitySampler(Split, new SamplingSpec(8, 60) { Draw = IdentityDraw.AnyIdentities, Modalities = ModalityMix.Interleaved }, seed: 5).Plan(0));
    }

    /// <summary>The steps of an epoch in spec of MVD §8: SYSU-MM01 has 395 training identities, 22,258 visible images and 11,909 infrared ones; RegDB 206, and ten of each.</summary>
    [Theory]
    [InlineData(395, 22258, 11909, 16, IdentityDraw.EachIdentityOnce, ModalityMix.Interleaved, 24)]
    [InlineData(395, 22258, 11909, 8, IdentityDraw.AnyIdentities, ModalityMix.VisibleFirst, 695)]
    [InlineData(206, 2060, 2060, 8, IdentityDraw.EachIdentityOnce, ModalityMix.Interleaved, 25)]
    [InlineData(206, 2060, 2060, 8, IdentityDraw.AnyIdentities, ModalityMix.VisibleFirst, 64)]
    public void Epochs_are_as_long_as_the_public_programs(int identities, int visible, int infrared, int perBatch, IdentityDraw draw, ModalityMix modalities, int steps)
    {
        var split = Of([.. Enumerable.Range(0, identities).Select(identity => (Share(visible, identity), Share(infrared, identity)))]);

        Assert.Equal(steps, new IdentitySampler(split, new SamplingSpec(perBatch, 8) { Draw = draw, Modalities = modalities }, seed: 1).Plan(0).Length);

        int Share(int all, int identity) => (int)(((long)all * (identity + 1) / identities) - ((long)all * identity / identities));
    }

    private static IEnumerable<Draw[]> Plans(SamplingSpec sampling)
    {
        var sampler = new IdentitySampler(Split, sampling, seed: 5);
        return Enumerable.Range(0, 20).SelectMany(sampler.Plan);
    }

    private static Modality ModalityOf(Draw draw) => Split.ModalityOf(draw.Label, draw.Tracklet);

    private static TrainingSplit Of(IReadOnlyList<(int Visible, int Infrared)> identities) => new(TinyManifest.Of(
        [.. identities.SelectMany((counts, identity) => Enumerable.Range(0, counts.Visible + counts.Infrared).Select(tracklet =>
            new Tracklet(ReidCloud.Datasets.Split.Train, identity, tracklet < counts.Visible ? 0 : 1, 0, 1)))])
        with { Cameras = [new Camera("1"), new Camera("3", Modality.Infrared)] });
}
