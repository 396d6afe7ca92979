using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class IdentitySamplerTests
{
    /// <summary>Eleven identities with 1, 2, 3 … tracklets, and a distractor that training must not see.</summary>
    private static readonly TrainingSplit Split = new(TinyManifest.Of(
        [.. Enumerable.Range(0, 11).SelectMany(identity => Enumerable.Range(0, identity + 1).Select(camera =>
            new Tracklet(ReidCloud.Datasets.Split.Train, identity, camera, 0, 1))),
        new Tracklet(ReidCloud.Datasets.Split.Train, Tracklet.Distractor, 0, 0, 1)]));

    private readonly IdentitySampler _sampler = new(Split, new SamplingSpec(Identities: 4, Tracklets: 3), seed: 5);

    [Fact]
    public void A_batch_has_P_identities_and_K_tracklets_of_each_side_by_side()
    {
        Assert.Equal(2, _sampler.BatchesPerEpoch);
        Assert.All(_sampler.Plan(0), batch =>
        {
            Assert.Equal(12, batch.Length);
            var groups = batch.Chunk(3).ToList();
            Assert.All(groups, group => Assert.Single(group.Select(draw => draw.Label).Distinct()));
            Assert.Equal(4, groups.Select(group => group[0].Label).Distinct().Count());
        });
    }

    [Fact]
    public void An_identity_appears_at_most_once_an_epoch_and_all_do_over_epochs()
    {
        var seen = new HashSet<int>();
        for (var epoch = 0; epoch < 30; epoch++)
        {
            var labels = _sampler.Plan(epoch).SelectMany(batch => batch.Chunk(3).Select(group => group[0].Label)).ToList();
            Assert.Equal(labels.Count, labels.Distinct().Count());
            seen.UnionWith(labels);
        }

        Assert.Equal(Enumerable.Range(0, 11), seen.Order());
    }

    [Fact]
    public void Tracklets_repeat_only_where_there_are_fewer_than_K()
    {
        var pairs = new HashSet<string>();
        for (var epoch = 0; epoch < 300; epoch++)
        {
            foreach (var group in _sampler.Plan(epoch).SelectMany(batch => batch.Chunk(3)))
            {
                var tracklets = group.Select(draw => draw.Tracklet).ToList();
                Assert.All(tracklets, tracklet => Assert.InRange(tracklet, 0, group[0].Label));
                if (group[0].Label >= 2)
                {
                    Assert.Equal(3, tracklets.Distinct().Count());
                }
                else if (group[0].Label == 1)
                {
                    pairs.Add(string.Concat(tracklets));
                }
            }
        }

        // Two tracklets drawn three times with replacement: all eight outcomes, three of a kind included.
        Assert.Equal(8, pairs.Count);
    }

    [Fact]
    public void An_epochs_plan_depends_on_the_seed_and_the_epoch_alone()
    {
        var again = new IdentitySampler(Split, new SamplingSpec(4, 3), seed: 5);
        var other = new IdentitySampler(Split, new SamplingSpec(4, 3), seed: 6);
        var fifth = _sampler.Plan(5);

        _sampler.Plan(0);

        Assert.Equal(fifth, again.Plan(5));
        Assert.Equal(fifth, _sampler.Plan(5));
        Assert.NotEqual(fifth, _sampler.Plan(6));
        Assert.NotEqual(fifth, other.Plan(5));
    }

    /// <summary>The iterations of an epoch in the spec of AlignedReID §5, without the last batch and with it.</summary>
    [Theory]
    [InlineData(751, 23, 24)]
    [InlineData(767, 23, 24)]
    [InlineData(702, 21, 22)]
    [InlineData(2220, 69, 70)]
    [InlineData(64, 2, 2)]
    public void The_last_batch_of_an_epoch_is_kept_where_that_is_asked_for(int identities, int dropped, int kept)
    {
        var split = new TrainingSplit(TinyManifest.Of([.. Enumerable.Range(0, identities).Select(identity => new Tracklet(ReidCloud.Datasets.Split.Train, identity, 0, 0, 1))]));
        var without = new IdentitySampler(split, new SamplingSpec(32, 4), seed: 5);
        var with = new IdentitySampler(split, new SamplingSpec(32, 4) { KeepLastBatch = true }, seed: 5);

        Assert.Equal((dropped, kept), (without.BatchesPerEpoch, with.BatchesPerEpoch));
        var plan = with.Plan(3);
        Assert.Equal(kept, plan.Length);
        Assert.Equal(without.Plan(3), plan[..dropped]);
        Assert.Equal(Enumerable.Range(0, identities), plan.SelectMany(batch => batch.Select(draw => draw.Label)).Distinct().Order());
        Assert.All(plan, batch => Assert.All(batch.Chunk(4), group => Assert.Single(group.Select(draw => draw.Label).Distinct())));
        Assert.All(plan[..^1], batch => Assert.Equal(128, batch.Length));
    }

    [Fact]
    public void A_last_batch_may_be_of_one_identity()
    {
        var sampler = new IdentitySampler(Split, new SamplingSpec(5, 3) { KeepLastBatch = true }, seed: 5);

        Assert.Equal([15, 15, 3], sampler.Plan(0).Select(batch => batch.Length));
    }

    [Fact]
    public void More_identities_a_batch_than_there_are_is_the_users_mistake()
    {
        var fault = Assert.Throws<SpecException>(() => new IdentitySampler(Split, new SamplingSpec(Identities: 12), seed: 1));

        Assert.Equal("$.sampling.identities", Assert.Single(fault.Errors).Path);
        Assert.Contains("at most 11", fault.Message, StringComparison.Ordinal);
    }
}
