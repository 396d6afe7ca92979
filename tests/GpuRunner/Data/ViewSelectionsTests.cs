using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class ViewSelectionsTests
{
    private const int Trials = 400;

    /// <summary>The examples of the VKD specification, §3.2, for eight views.</summary>
    [Theory]
    [InlineData(3, new[] { 0, 1, 2, 2, 2, 2, 2, 2 })]
    [InlineData(8, new[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData(9, new[] { 0, 2, 4, 6, 8, 8, 8, 8 })]
    [InlineData(12, new[] { 0, 2, 4, 6, 8, 10, 11, 11 })]
    [InlineData(20, new[] { 0, 3, 6, 9, 12, 15, 18, 19 })]
    [InlineData(58, new[] { 0, 8, 16, 24, 32, 40, 48, 56 })]
    public void Spread_takes_the_first_frame_of_each_chunk(int frames, int[] expected) =>
        Assert.Equal(expected, ViewSelections.Spread(frames, 8));

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(58)]
    public void Chunk_draws_every_entry_of_every_padded_chunk_and_no_other(int frames)
    {
        const int views = 8;
        var padded = Enumerable.Range(0, frames).ToList();
        var length = frames >= views ? (int)Math.Ceiling(frames / (double)views) : 1;
        while (padded.Count < length * views)
        {
            padded.Add(frames - 1);
        }

        var tracklet = new Tracklet(Split.Train, 0, 0, FirstFrame: 100, frames);
        var seen = Enumerable.Range(0, views).Select(_ => new HashSet<int>()).ToArray();
        for (var trial = 0; trial < Trials; trial++)
        {
            var drawn = ViewSelections.Select(ViewSelection.Chunk, tracklet, [tracklet], views, Seeding.Stream(1, "test", trial));
            for (var view = 0; view < views; view++)
            {
                seen[view].Add(drawn[view].Frame - 100);
            }
        }

        for (var view = 0; view < views; view++)
        {
            Assert.Equal(padded.Skip(view * length).Take(length).Distinct().Order(), seen[view].Order());
        }
    }

    [Fact]
    public void Temporal_is_the_same_every_time()
    {
        var tracklet = new Tracklet(Split.Train, 0, 0, FirstFrame: 10, FrameCount: 12);

        Assert.Equal(
            [10, 12, 14, 16, 18, 20, 21, 21],
            ViewSelections.Select(ViewSelection.Temporal, tracklet, [tracklet], 8, Seeding.Stream(1, "test")).Select(view => view.Frame));
    }

    [Fact]
    public void Multi_view_goes_around_the_tracklets_of_the_identity_in_a_random_order()
    {
        Tracklet[] candidates = [new(Split.Train, 0, 0, 0, 5), new(Split.Train, 0, 0, 10, 5), new(Split.Train, 0, 1, 20, 5)];
        var orders = new HashSet<string>();
        var frames = new HashSet<int>();
        for (var trial = 0; trial < Trials; trial++)
        {
            var drawn = ViewSelections.Select(ViewSelection.MultiView, candidates[0], candidates, 8, Seeding.Stream(2, "test", trial));
            var tracklets = Array.ConvertAll(drawn, view => view.Frame / 10);

            Assert.All(drawn, view => Assert.Equal(view.Frame / 20, view.Camera));

            Assert.Equal(3, tracklets.Take(3).Distinct().Count());
            Assert.Equal(tracklets[..3], tracklets[3..6]);
            Assert.Equal(tracklets[..2], tracklets[6..]);
            orders.Add(string.Join(',', tracklets.Take(3)));
            frames.UnionWith(drawn.Select(view => view.Frame));
        }

        Assert.Equal(6, orders.Count);
        Assert.Equal(15, frames.Count);
    }

    [Fact]
    public void Random_repeats_a_frame_only_where_there_are_too_few()
    {
        var enough = new Tracklet(Split.Train, 0, 0, 0, 8);
        var few = new Tracklet(Split.Train, 0, 0, 0, 3);
        var repeated = false;
        for (var trial = 0; trial < Trials; trial++)
        {
            var random = Seeding.Stream(3, "test", trial);

            Assert.Equal(Enumerable.Range(0, 8), ViewSelections.Select(ViewSelection.Random, enough, [enough], 8, random).Select(view => view.Frame).Order());
            repeated |= ViewSelections.Select(ViewSelection.Random, few, [few], 8, random).Take(3).Distinct().Count() < 3;
        }

        Assert.True(repeated, "frames of a short tracklet are drawn independently");
    }
}
