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
        Assert.Equal(2, _sampler.Plan(0).Length);
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

        var plan = with.Plan(3);
        Assert.Equal((dropped, kept), (without.Plan(0).Length, plan.Length));
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
    public void Each_tracklet_is_drawn_at_most_once_in_groups_of_its_identity_as_long_as_P_identities_have_one()
    {
        var sampler = new IdentitySampler(Split, new SamplingSpec(4, 3) { Draw = IdentityDraw.EachTrackletOnce }, seed: 5);
        var lengths = new HashSet<int>();
        for (var epoch = 0; epoch < 100; epoch++)
        {
            var plan = sampler.Plan(epoch);
            lengths.Add(plan.Length);
            Assert.All(plan, batch =>
            {
                Assert.Equal(12, batch.Length);
                Assert.Equal(4, batch.Chunk(3).Select(group => Assert.Single(group.Select(draw => draw.Label).Distinct())).Distinct().Count());
            });

            // Labels 0 and 1 have fewer than three and are drawn with replacement, once.
            var drawn = plan.SelectMany(batch => batch).ToList();
            var enough = drawn.Where(draw => draw.Label >= 2).ToList();
            Assert.Equal(enough.Count, enough.Distinct().Count());
            Assert.All(drawn.CountBy(draw => draw.Label), label => Assert.InRange(label.Value, 3, Math.Max(3, label.Key + 1)));

            // At the end fewer than four identities have a group left.
            var groups = drawn.CountBy(draw => draw.Label).ToDictionary(label => label.Key, label => label.Value / 3);
            Assert.InRange(Enumerable.Range(0, 11).Count(label => groups.GetValueOrDefault(label) < Math.Max(1, (label + 1) / 3)), 0, 3);
        }

        // 21 groups: five batches at most.
        Assert.All(lengths, length => Assert.InRange(length, 3, 5));
        Assert.Equal(sampler.Plan(7), new IdentitySampler(Split, new SamplingSpec(4, 3) { Draw = IdentityDraw.EachTrackletOnce }, seed: 5).Plan(7));
        Assert.NotEqual(sampler.Plan(7), sampler.Plan(8));
    }

    /// <summary>The first identities leave one batch after the other, and which go on together is even: an identity with one group is as likely in any of the first batches.</summary>
    [Fact]
    public void Identities_are_drawn_evenly()
    {
        var split = new TrainingSplit(TinyManifest.Of([.. Enumerable.Range(0, 6).SelectMany(identity => Enumerable.Range(0, 4).Select(_ => new Tracklet(ReidCloud.Datasets.Split.Train, identity, 0, 0, 1)))]));
        var sampler = new IdentitySampler(split, new SamplingSpec(2, 2) { Draw = IdentityDraw.EachTrackletOnce }, seed: 5);
        var first = new int[6];
        for (var epoch = 0; epoch < 3000; epoch++)
        {
            foreach (var label in sampler.Plan(epoch)[0].Chunk(2).Select(group => group[0].Label))
            {
                first[label]++;
            }
        }

        Assert.All(first, count => Assert.InRange(count, 880, 1120));
    }

    /// <summary>As many identities and images as Market-1501 trains on, with 2 to 72 images each: with the real counts an epoch has about 184 batches (spec of camera-based batch normalization §3.2).</summary>
    [Fact]
    public void Market1501_takes_as_many_batches_as_the_reference_has()
    {
        var counts = Enumerable.Range(0, 751).Select(identity => Math.Min(72, 2 + (int)Math.Round(-15.6 * Math.Log(1 - ((identity + 0.5) / 751))))).ToArray();
        Assert.InRange(counts.Sum(), 12_936 - 200, 12_936 + 200);
        var split = new TrainingSplit(TinyManifest.Of([.. counts.SelectMany((count, identity) => Enumerable.Repeat(new Tracklet(ReidCloud.Datasets.Split.Train, identity, 0, 0, 1), count))]));

        var plan = new IdentitySampler(split, new SamplingSpec(16, 4) { Draw = IdentityDraw.EachTrackletOnce }, seed: 1).Plan(0);

        Assert.InRange(plan.Length, 178, 190);
    }

    [Fact]
    public void More_identities_a_batch_than_there_are_is_the_users_mistake()
    {
        var fault = Assert.Throws<SpecException>(() => new IdentitySampler(Split, new SamplingSpec(Identities: 12), seed: 1));

        Assert.Equal("$.sampling.identities", Assert.Single(fault.Errors).Path);
        Assert.Contains("at most 11", fault.Message, StringComparison.Ordinal);
    }
}
